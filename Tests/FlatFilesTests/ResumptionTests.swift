import CanonicalModel
import FlatFiles
import Foundation
import Synchronization
import Testing
import Vocabulary

private let now = Instant(microseconds: 1_790_000_000_000_000)

@Suite struct `An interrupted import` {
    /// 1,000 rows of demand, every seventh of them wrong.
    func rows(_ range: Range<Int>) -> String {
        range.map { index in
            let quantity = index % 7 == 3 ? "-1" : "\(index)"
            return "\"item, \(index % 10)\",east,2026-01-\(index % 28 < 9 ? "0" : "")\(index % 28 + 1),\(quantity)\n"
        }.joined()
    }

    @Test(arguments: ["demand.csv", "demand.ndjson"]) func `goes on where it was, and takes every row once`(name: String)
        async throws
    {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/\(name)"
            let isCSV = name.hasSuffix("csv")
            let lines = (0..<1000).map {
                "{\"item\":\"i\($0)\",\"location\":\"east\",\"date\":\"2026-01-01\",\"quantity\":\($0 % 7 == 3 ? -1 : 1)}\n"
            }
            try write(isCSV ? "item,location,date,quantity\n" + rows(0..<1000) : lines.joined(), to: path)
            var options = ImportOptions(batchSize: 100)
            options.refusedPath = "\(directory)/refused"
            let whole = try await FileImport(path, options: options).runDemand(observedAt: now) { _ throws(Fault) in }
            let refusedWhole = try contents(of: "\(directory)/refused")

            var taken: [Demand] = []
            var progress: ImportProgress?
            var batches = 0
            let interrupted = await #expect(throws: Fault.self) {
                try await FileImport(path, options: options).runDemand(observedAt: now) { batch throws(Fault) in
                    guard batches < 4 else { throw .defect("killed") }
                    batches += 1
                    taken += (0..<batch.count).map { batch[$0] }
                    progress = batch.progress
                }
            }
            #expect(interrupted?.message == "killed")
            // What is stored survives the process, so it goes through JSON here.
            let stored: ImportProgress = try JSON.decode(from: try JSON.bytes(of: try #require(progress)))
            let report = try await FileImport(path, options: options).runDemand(observedAt: now, from: stored) {
                batch throws(Fault) in
                taken += (0..<batch.count).map { batch[$0] }
            }
            #expect(report.isContinuation)
            #expect(taken.count == whole.taken)
            #expect(report.taken == whole.taken)
            #expect(report.refused == whole.refused)
            #expect(whole.taken + whole.refused == 1000)
            #expect(try contents(of: "\(directory)/refused") == refusedWhole)
            #expect(report.progress == whole.progress)
        }
    }

    @Test func `of another file under the same name begins anew`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/demand.csv"
            try write("item,location,date,quantity\n" + rows(0..<50), to: path)
            let first = try await FileImport(path).runDemand(observedAt: now) { _ throws(Fault) in }
            try write("item,location,date,quantity\n" + rows(1..<200), to: path)
            let second = try await FileImport(path).runDemand(observedAt: now, from: first.progress) { _ throws(Fault) in }
            #expect(!second.isContinuation)
            #expect(second.taken + second.refused == 199)
        }
    }

    @Test func `of a file that has grown takes only what is new, with its true row numbers`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/demand.csv"
            try write("item,location,date,quantity\n" + rows(0..<50), to: path)
            let first = try await FileImport(path).runDemand(observedAt: now) { _ throws(Fault) in }
            try write("item,location,date,quantity\n" + rows(0..<50) + "x,east,soon,1\ny,east,2026-01-01,2\n", to: path)
            var taken: [Demand] = []
            let second = try await FileImport(path).runDemand(observedAt: now, from: first.progress) { batch throws(Fault) in
                taken += (0..<batch.count).map { batch[$0] }
            }
            #expect(taken.map(\.item) == ["y"])
            #expect(second.refusals.map(\.row) == [52])
        }
    }
}

@Suite struct `The file of refused rows` {
    @Test(arguments: ["demand.csv", "demand.ndjson"]) func `can be mended and imported again`(name: String) async throws {
        try await withTemporaryDirectory { directory in
            let isCSV = name.hasSuffix("csv")
            let text =
                isCSV
                ? "item;location;date;quantity\nbolt;east;2026-01-01;1\n=nut;east;2026-02-30;2\n\"a;b\";east;2026-01-01;many\n"
                : """
                {"item":"bolt","location":"east","date":"2026-01-01","quantity":1}
                {"item":"=nut","location":"east","date":"2026-02-30","quantity":2}
                {"item":"a;b","location":"east","date":"2026-01-01","quantity":"many"}

                """
            try write(text, to: "\(directory)/\(name)")
            var options = ImportOptions()
            options.refusedPath = "\(directory)/refused-\(name)"
            options.keptRefusals = 1
            let report = try await FileImport("\(directory)/\(name)", options: options).run(.demand) { _ throws(Fault) in }
            #expect(report.refused == 2)
            #expect(report.refusals.count == 1)
            var refused = try contents(of: "\(directory)/refused-\(name)")
            #expect(refused.contains("an existing date as YYYY-MM-DD"))
            // Once more without mending: the same rows are refused and the file stays as it is but for the row numbers.
            options.refusedPath = "\(directory)/again-\(name)"
            let again = try await FileImport("\(directory)/refused-\(name)", options: options).run(.demand) { _ throws(Fault) in }
            #expect(again.refused == 2)
            #expect(again.taken == 0)
            refused = refused.replacing("2026-02-30", with: "2026-02-28").replacing("many", with: "3")
            try write(refused, to: "\(directory)/mended-\(name)")
            var items: [ID<Item>] = []
            let mended = try await FileImport("\(directory)/mended-\(name)").run(.demand) { batch throws(Fault) in
                items += batch.rows.map(\.entity.item)
            }
            #expect(mended.refused == 0)
            #expect(items == ["=nut", "a;b"])
        }
    }
}
