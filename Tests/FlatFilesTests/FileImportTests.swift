import CanonicalModel
import FlatFiles
import Testing
import Vocabulary

@Suite struct `Importing a file` {
    /// Imports `text` and gives all entities with their rows, and the report.
    func run<Entity: Sendable>(
        _ text: String, named name: String = "rows.csv", _ mapping: RowMapping<Entity>, options: ImportOptions = ImportOptions()
    ) async throws -> (rows: [Int], entities: [Entity], report: ImportReport) {
        try await withTemporaryDirectory { directory in
            try write(text, to: "\(directory)/\(name)")
            var rows: [Int] = []
            var entities: [Entity] = []
            let report = try await FileImport("\(directory)/\(name)", options: options).run(mapping) { batch throws(Fault) in
                rows += batch.rows.map(\.row)
                entities += batch.rows.map(\.entity)
            }
            return (rows, entities, report)
        }
    }

    @Test func `takes what is right and refuses the rest row by row with every reason`() async throws {
        let text = """
            id,name,stockingUnit,criticality,unitCost,currency,isRetired
            bolt-m8,Bolt M8,C62,high,0.12,EUR,no
            ,Nameless,pieces,urgent,0.1234567,EUR,maybe
            nut-m8,Nut M8,C62,,-1,EUR,
            short,row
            saw,Saw,C62,,,,
            """
        let (rows, items, report) = try await run(text, .items)
        #expect(rows == [2, 6])
        #expect(items.map(\.id) == ["bolt-m8", "saw"])
        #expect(items[0].criticality == .high)
        #expect(items[0].unitCost == Money(scaled: 120_000))
        #expect(report.taken == 2)
        #expect(report.refused == 3)
        #expect(report.refusals.map(\.row) == [3, 4, 5])
        let complaints = report.refusals[0].violations
        #expect(complaints.map(\.field) == ["id", "stockingUnit"])
        #expect(complaints.allSatisfy { $0.row == 3 })
        #expect(report.refusals[1].violations.map(\.field) == ["unitCost"])
        #expect(report.refusals[2].violations.first?.expected == "7 cells, as the header has (it has 2)")
    }

    @Test func `names the allowed words of an enumeration`() async throws {
        let text = "id,name,stockingUnit,criticality\nx,X,C62,urgent\n"
        let violation = try #require(try await run(text, .items).report.refusals.first?.violations.first)
        #expect(violation.description == "row 2, criticality: found \"urgent\", expected one of low, normal, high, vital")
    }

    @Test func `refuses a header with everything that is wrong with it`() async throws {
        let fault = await #expect(throws: Fault.self) { try await run("itm,location,date,quantity,colour\n", .demand) }
        #expect(fault?.violations.map(\.field) == ["itm", "colour", "item"])
        #expect(fault?.violations.first?.expected.contains("did you mean item?") == true)
    }

    @Test(arguments: ["", "\n\n"]) func `refuses a file without a header`(text: String) async throws {
        let fault = await #expect(throws: Fault.self) { try await run(text, .demand) }
        #expect(fault?.violations.first?.field == "header")
    }

    @Test func `takes headers in any case and order, by their last part, and under the sender's own names`() async throws {
        var options = ImportOptions()
        options.renamed = ["item": "Artikel Nr"]
        let text = "SafetyStock, levels.ReorderPoint ,artikel nr,LOCATION,orderUpTo\n5,10,bolt,east,20\n"
        let policy = try #require(try await run(text, .policies, options: options).entities.first)
        #expect(policy.item == "bolt")
        #expect(policy.levels == PolicyLevels(reorderPoint: Quantity(10), safetyStock: Quantity(5), orderUpTo: Quantity(20)))
    }

    @Test func `translates the file's names into ours`() async throws {
        var options = ImportOptions()
        options.names = Crosswalk([
            CrosswalkEntry(system: "erp", subject: .item, externalID: "4711", canonicalID: "bolt-m8"),
            CrosswalkEntry(system: "erp", subject: .location, externalID: "1", canonicalID: "east"),
        ])
        let balance = try #require(
            try await run("item,location,onHand\n4711,1,12.5\n", .balances, options: options).entities.first)
        #expect(balance == Balance(item: "bolt-m8", location: "east", onHand: Quantity(scaled: 12_500_000)))
    }

    @Test func `reads JSON lines through the same checks, numbers to their last digit`() async throws {
        let text = """
            {"item":"bolt","location":"east","levels":{"reorderPoint":10.000001,"safetyStock":"5","orderUpTo":20}}

            {"item":"bolt","location":"west","levels":{"reorderPoint":30,"safetyStock":5,"orderUpTo":20}}
            {"itm":"bolt","location":"west"}
            [1]
            {"item":"bolt",
            {"item":"nut","location":"west","levels":{"reorderPoint":1,"safetyStock":0,"orderUpTo":2},"fedFrom":null}
            """
        let (rows, policies, report) = try await run(text, named: "policies.ndjson", .policies)
        #expect(rows == [1, 7])
        #expect(policies[0].levels.reorderPoint == Quantity(scaled: 10_000_001))
        #expect(report.refusals.map(\.row) == [3, 4, 5, 6])
        #expect(report.refusals[0].violations.first?.field == "levels.orderUpTo")
        #expect(report.refusals[1].violations.first?.expected.contains("did you mean item?") == true)
        #expect(report.refusals[2].violations.first?.expected == "one JSON object")
    }

    @Test func `a recommendation is either a policy or goods`() async throws {
        let text = """
            id,source,item,location,madeAt,orderUpTo,safetyStock,proposal.policy.reorderPoint,quantity,unit,neededBy,onHand
            R1,cloud,bolt,east,2026-11-23T20:36:00Z,,,,12,C62,2026-12-01,7
            R2,cloud,bolt,east,2026-11-23T20:36:00Z,20,5,10,,,,
            R3,cloud,bolt,east,2026-11-23T20:36:00Z,,,,,,,
            R4,cloud,bolt,east,2026-11-23T20:36:00Z,20,5,10,12,C62,2026-12-01,
            """
        let (_, recommendations, report) = try await run(text, .recommendations(from: nil))
        #expect(
            recommendations.first?.proposal
                == .replenishment(.init(quantity: Quantity(12), unit: "C62", neededBy: BusinessDate(dayNumber: 20_788))))
        #expect(recommendations.first?.assumptions.onHand == Quantity(7))
        #expect(recommendations.map(\.id) == ["R1", "R2"])
        #expect(report.refusals.map(\.row) == [4, 5])
        #expect(report.refusals.first?.violations.first?.field == "proposal")
    }

    @Test func `reads lists, conversions and calendars within a cell`() async throws {
        let items = "id,name,stockingUnit,conversions\nx,X,C62,CS=12 PAL=960/2\ny,Y,C62,CS\n"
        let (_, found, report) = try await run(items, .items)
        #expect(found.first?.conversions.map(\.factor.description) == ["12", "480"])
        #expect(report.refusals.first?.violations.first?.field == "conversions")
        let places = "id,name,timeZone,calendar\na,A,Europe/Berlin,monday tuesday\nb,B,Mars/North,mondayToFriday\n"
        let (_, locations, refused) = try await run(places, .locations)
        #expect(locations.first?.calendar.workdays == [.monday, .tuesday])
        #expect(refused.refusals.first?.violations.first?.expected == "an IANA time zone such as Europe/Berlin")
        let forecasts = """
            item,location,source,version,method,start,periodDays,mean,levels,quantiles
            x,a,cloud,3,ets,2026-11-23,7,4 5.5 6,0.5 0.9,4 5 6 | 8 9 10
            x,a,cloud,3,ets,2026-11-23,7,4 5.5 6,0.5 0.9,4 5 6
            """
        let (_, plans, wrong) = try await run(forecasts, .forecasts(from: nil))
        #expect(plans.first?.quantiles == [[4, 5, 6], [8, 9, 10]])
        #expect(wrong.refusals.first?.violations.first?.field == "quantiles")
    }

    @Test func `a file that is not there is named`() async throws {
        let fault = await #expect(throws: Fault.self) {
            try await FileImport("/nowhere/items.csv").run(.items) { _ throws(Fault) in }
        }
        #expect(fault?.code == .notFound)
        #expect(fault?.message.contains("/nowhere/items.csv") == true)
    }
}
