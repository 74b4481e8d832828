import CanonicalModel
import ConnectorKit
import Sandbox
import TestSandbox
import Testing
import Vocabulary

extension SandboxConnector {
    /// A feed from `cursor` to its end.
    func readAll(_ feed: Feed, names: Crosswalk = Crosswalk()) async throws -> [Observation] {
        var observations: [Observation] = []
        var cursor: Cursor?
        while true {
            let page = try await read(feed, after: cursor, names: names)
            #expect(page.refusals.isEmpty)
            observations += page.observations
            cursor = page.next
            if !page.hasMore { return observations }
        }
    }
}

@Suite struct `Reading the sandbox ERP` {
    @Test func `every feed arrives whole and canonical`() async throws {
        try await RunningSandbox.during { erp async throws in
            let connector = try erp.connector()
            var counts: [Feed: Int] = [:]
            for feed in Feed.allCases { counts[feed] = try await connector.readAll(feed).count }
            #expect(counts[.items] == 40 && counts[.locations] == 3 && counts[.suppliers] == 8 && counts[.lanes] == 6)
            #expect(counts[.sourcing] == 48 && counts[.policies] == 120 && counts[.balances] == 120 && counts[.supply] == 9)
            #expect(counts[.demand] ?? 0 > 20_000)
        }
    }

    @Test func `units, commitments and successors keep their meaning`() async throws {
        try await RunningSandbox.during { erp async throws in
            let connector = try erp.connector()
            let items = try await connector.readAll(.items).compactMap { observation -> Item? in
                if case .item(let item) = observation.entity { item } else { nil }
            }
            let cable = try #require(items.first { $0.id == "CBL-3G25" })
            #expect(try cable.inStockingUnits(Quantity(2), of: "RO") == Quantity(305))
            #expect(items.first { $0.id == "BLT-B60" }?.supersededBy == "BLT-B60X")
            let supply = try await connector.readAll(.supply).compactMap { observation -> SupplyLine? in
                if case .supply(let line) = observation.entity { line } else { nil }
            }
            let late = try #require(supply.first { $0.item == "GGL-CLR" })
            let today = TimeZoneName.utc.date(at: erp.time.now)
            #expect(late.dueOn == today.adding(days: -6) && late.committedOn == today.adding(days: 2))
            #expect(try late.open < late.ordered)
            #expect(supply.first { $0.kind == .transfer }?.state == .inTransit)
        }
    }

    @Test func `outside names become ours`() async throws {
        try await RunningSandbox.during { erp async throws in
            let names = Crosswalk([
                CrosswalkEntry(system: "erp", subject: .location, externalID: "RNO", canonicalID: "dc-west")
            ])
            let locations = try await erp.connector().readAll(.locations, names: names)
            #expect(locations.map(\.externalID).contains("RNO"))
            #expect(
                locations.contains { observation in
                    if case .location(let location) = observation.entity { location.id == "dc-west" } else { false }
                })
        }
    }

    @Test func `an incremental feed goes on with what has changed, a snapshot begins anew`() async throws {
        try await RunningSandbox.during { erp async throws in
            let connector = try erp.connector()
            let first = try await connector.read(.items, after: nil, names: Crosswalk())
            let again = try await connector.read(.items, after: first.next, names: Crosswalk())
            #expect(again.observations.isEmpty && again.next == first.next)
            let balances = try await connector.read(.balances, after: nil, names: Crosswalk())
            #expect(balances.next == nil && !balances.hasMore)
        }
    }

    @Test func `an order restored away is gone from the next round`() async throws {
        try await RunningSandbox.during { erp async throws in
            let snapshot = try await erp.send("POST", "/snapshot").text
            guard case .done = try await erp.carryOut(transfer, "PLM-RESTORED") else {
                return unexpected()
            }
            #expect(try await erp.connector().readAll(.supply).count == 10)
            _ = try await erp.send("POST", "/restore", snapshot)
            #expect(try await erp.connector().readAll(.supply).count == 9)
            #expect(try await erp.find(transfer, "PLM-RESTORED") == .absent)
        }
    }
}
