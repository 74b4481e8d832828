import CanonicalModel
import FlatFiles
import Testing
import Vocabulary

private let now = Instant(microseconds: 1_790_000_000_000_000)

@Suite struct `The short way for demand` {
    /// Rows of every kind: plain, quoted, escaped, padded, guarded, wrong in each column.
    let text = #"""
        item,location,date,quantity,isCensored
        bolt,east,2026-01-01,1,
        bolt,east,2026-01-02,1.5,true
        "bolt, long",east,2026-01-02,0,0
        "say ""x""",west,2026-01-03,2,1
        '=nut,west, 2026-01-03 , 2 ,YES
        bolt,east,2026-02-29,1,
        bolt,east,2026-1-1,1,
        bolt,east,2026-01-01,-1,
        bolt,east,2026-01-01,1e5,
        bolt,east,2026-01-01,0.1234567,
        bolt,east,2026-01-01,9223372036855,
        bolt,east,2026-01-01,1,perhaps
        ,east,2026-01-01,1,
        bolt,,2026-01-01,1,
        bolt ,east,2026-01-01,1,
        bolt,east,,1,
        bolt,east,2026-01-01,,
        bolt,east,2026-01-01
        схема,東,2026-01-01,1,false
        """#

    @Test func `takes and refuses exactly what the long way does, with the same words`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/demand.csv"
            try write(text, to: path)
            var short: [Demand] = []
            let shortReport = try await FileImport(path, options: ImportOptions(batchSize: 2)).runDemand(observedAt: now) {
                batch throws(Fault) in
                short += (0..<batch.count).map { batch[$0] }
            }
            var long: [Demand] = []
            let longReport = try await FileImport(path).run(.demand) { batch throws(Fault) in long += batch.rows.map(\.entity) }
            #expect(short == long)
            #expect(short.count == 6)
            #expect(short[4].item == "=nut")
            #expect(shortReport.refusals == longReport.refusals)
            #expect(shortReport.refusals.map(\.row) == Array(7...19))
            #expect(shortReport.progress.place == longReport.progress.place)
        }
    }

    @Test func `knows every one of many names`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/demand.csv"
            let lines = (0..<20_000).map { "item-number-\($0 * 7919 % 5003),loc-\($0 % 50),2026-01-01,\($0)\n" }
            try write("item,location,date,quantity\n" + lines.joined(), to: path)
            var wrong = 0
            var seen = 0
            let report = try await FileImport(path).runDemand(observedAt: now) { batch throws(Fault) in
                for index in 0..<batch.count {
                    let isRight =
                        batch[index].item.rawValue == "item-number-\(seen * 7919 % 5003)"
                        && batch[index].location.rawValue == "loc-\(seen % 50)" && batch[index].quantity == Quantity(seen)
                    wrong += isRight ? 0 : 1
                    seen += 1
                }
            }
            #expect(report.taken == 20_000)
            #expect(wrong == 0)
        }
    }
}
