import CanonicalModel
import ConnectorConformance
import ConnectorKit
import FlatFiles
import Foundation
import Testing
import Vocabulary

@Suite struct `The connector for flat files` {
    let now = Instant(microseconds: 1_790_000_000_000_000)
    let transfer = Action.createTransfer(
        TransferProposal(
            item: "bolt", origin: "east", destination: "west", quantity: Quantity(12), unit: "C62",
            shipOn: BusinessDate(dayNumber: 20_800), dueOn: BusinessDate(dayNumber: 20_802)))
    let purchase = Action.createPurchaseProposal(
        PurchaseProposal(
            item: "bolt", location: "east", supplier: "acme", quantities: [Quantity(100), Quantity(50)], unit: "C62",
            unitPrice: Money(2), currency: "EUR", orderOn: BusinessDate(dayNumber: 20_800), dueOn: BusinessDate(dayNumber: 20_810)
        ))
    let policy = Action.setInventoryPolicy(
        PolicyChange(
            item: "bolt", location: "east",
            levels: PolicyLevels(reorderPoint: Quantity(10), safetyStock: Quantity(5), orderUpTo: Quantity(20)), previous: nil))

    var surroundings: Surroundings {
        Surroundings(http: NoNetwork(), clock: WallClock(now: { now }, pause: { _ in }), randomness: .seeded(1))
    }

    func fill(_ directory: String) throws {
        let files = [
            "items.csv": "id,name,stockingUnit\nbolt,Bolt,C62\nbad,,C62\n" + (0..<25).map { "i\($0),I,C62\n" }.joined(),
            "locations.csv": "id,name\neast,East\nwest,West\n", "suppliers.csv": "id;name\nacme;Acme\n",
            "sourcing.csv": "item,supplier,leadTimeDays,unit,price,currency\nbolt,acme,10,C62,2,EUR\n",
            "lanes.csv": "origin,destination,transitDays,currency\neast,west,2,EUR\n",
            "policies.ndjson": #"{"item":"bolt","location":"east","levels":{"reorderPoint":1,"safetyStock":0,"orderUpTo":5}}"#,
            "balances.csv": "item,location,onHand\nbolt,east,5\n",
            "supply.csv": "id,order,kind,state,item,destination,ordered\n1,PO-1,purchase,confirmed,bolt,east,5\n",
            "demand.csv": "item,location,date,quantity\n"
                + (1...28).map { "bolt,east,2026-01-\($0 < 10 ? "0" : "")\($0),1\n" }.joined(),
        ]
        for (name, text) in files { try write(text, to: "\(directory)/\(name)") }
    }

    func connector(_ directory: String) throws -> FlatFilesConnector {
        try FlatFilesConnector(
            try FlatFilesConnector.manifest.values(["directory": directory, "pageSize": "10"]), in: surroundings)
    }

    @Test func `keeps every promise of the seam`() async throws {
        try await withTemporaryDirectory { directory in
            try fill(directory)
            let world = ConformanceWorld(
                settings: ["directory": directory, "pageSize": "10"], unreachable: ["directory": "\(directory)/nowhere"],
                surroundings: surroundings, actions: [transfer, purchase, policy],
                countEffects: { _, reference in
                    try FileManager.default.subpathsOfDirectory(atPath: "\(directory)/actions").count {
                        $0.contains(reference.rawValue)
                    }
                })
            let breaches = try await ConnectorConformance(FlatFilesConnector.self, in: world).breaches()
            #expect(breaches.isEmpty, "\(breaches)")
        }
    }

    @Test func `reads in pages and names refused rows`() async throws {
        try await withTemporaryDirectory { directory in
            try fill(directory)
            let page = try await connector(directory).read(.items, after: nil, names: Crosswalk())
            #expect(page.observations.count == 9)
            #expect(page.refusals.map(\.row) == ["row 3"])
            #expect(page.hasMore)
        }
    }

    @Test func `a missing file is a fault and never an empty feed`() async throws {
        try await withTemporaryDirectory { directory in
            let fault = await #expect(throws: Fault.self) {
                try await connector(directory).read(.balances, after: nil, names: Crosswalk())
            }
            #expect(fault?.code == .unreachable)
        }
    }

    @Test func `a file that changes between two pages is read again from its beginning`() async throws {
        try await withTemporaryDirectory { directory in
            try fill(directory)
            let page = try await connector(directory).read(.items, after: nil, names: Crosswalk())
            let later = Cursor(time: try #require(page.next).time + .seconds(1), id: try #require(page.next).id)
            let fault = await #expect(throws: Fault.self) {
                try await connector(directory).read(.items, after: later, names: Crosswalk())
            }
            #expect(fault?.code == .conflict)
            #expect(fault?.disposition == .retry())
        }
    }

    @Test func `demand waits for a newer file`() async throws {
        try await withTemporaryDirectory { directory in
            try fill(directory)
            let connector = try connector(directory)
            var cursor: Cursor?
            var count = 0
            repeat {
                let page = try await connector.read(.demand, after: cursor, names: Crosswalk())
                (count, cursor) = (count + page.observations.count, page.next)
                if !page.hasMore { break }
            } while true
            #expect(count == 28)
            let idle = try await connector.read(.demand, after: cursor, names: Crosswalk())
            #expect(idle.observations.isEmpty && idle.next == cursor)
            let older = Cursor(time: try #require(cursor).time - .seconds(1), id: try #require(cursor).id)
            #expect(try await connector.read(.demand, after: older, names: Crosswalk()).observations.count == 10)
        }
    }

    @Test func `an action that was carried out and moved is still found, and other content under its name is seen`() async throws
    {
        try await withTemporaryDirectory { directory in
            try fill(directory)
            let connector = try connector(directory)
            let taken = "\(directory)/actions/taken"
            try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: true)
            try write("something else", to: "\(taken)/PLM-1.csv")
            guard case .different = try await connector.find(transfer, reference: "PLM-1", names: Crosswalk()) else {
                Issue.record("other content was taken for ours")
                return
            }
            await #expect(throws: Fault.self) {
                try await connector.find(transfer, reference: "../etc/passwd", names: Crosswalk())
            }
        }
    }

    @Test func `complains about its own settings by name`() throws {
        let values = SettingValues(["directory": "/tmp", "feeds": "items,demnd"])
        let fault = #expect(throws: Fault.self) { try FlatFilesConnector(values, in: surroundings) }
        #expect(fault?.violations.first?.field == "feeds")
        #expect(fault?.violations.first?.expected.hasPrefix("did you mean demand?") == true)
    }
}

/// There is nothing to talk to: files need no network.
private struct NoNetwork: HTTPExchange {
    func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        throw .notSent("no network here")
    }
}
