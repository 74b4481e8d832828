import CanonicalModel
import CanonicalStore
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Cycles

@Suite struct `Lead times in the product` {
    private let today = TimeZoneName.utc.date(at: TestClock.start)

    /// A line that took `days`, all of it received `ago` days ago.
    private func received(
        _ id: ID<SupplyLine>, _ item: ID<Item>, at location: ID<Location> = "north", days: Int, ago: Int = 5,
        supplier: ID<Supplier> = "acme", state: SupplyState = .received
    ) -> SupplyLine {
        SupplyLine(
            id: id, order: id.rawValue, kind: .purchase, state: state, item: item, destination: location, supplier: supplier,
            ordered: Quantity(5), received: Quantity(5), orderedOn: today.adding(days: -ago - days),
            receivedOn: today.adding(days: -ago))
    }

    private func list(_ world: EngineWorld, _ condition: SQL = "1 = 1") async throws -> [SourcingLeadTime] {
        try await world.services.database.read { connection in
            try FactsGatherer(connection: connection, now: TestClock.start, rates: CostRates())
                .leadTimes(after: nil, limit: 100, where: condition).leadTimes
        }
    }

    private func policy(_ item: ID<Item>, at location: ID<Location> = "north") -> InventoryPolicy {
        InventoryPolicy(
            item: item, location: location,
            levels: PolicyLevels(reorderPoint: Quantity(9), safetyStock: Quantity(3), orderUpTo: Quantity(20)))
    }

    @Test(arguments: Backend.available)
    func `are measured by item, location and supplier, else by supplier, else as stated`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await world.put([policy("item-00"), policy("item-01"), policy("item-00", at: "south")])
            #expect(try await list(world).allSatisfy { "\($0.source)" == "stated" && $0.days == 10 && $0.receipts == 0 })
            try await world.put((0..<6).map { received(ID("PO-\($0)"), "item-00", days: 19 + $0 % 3) })
            let measured = try await list(world)
            #expect(measured.map { "\($0.item) \($0.location)" } == ["item-00 north", "item-00 south", "item-01 north"])
            #expect(measured.map { "\($0.source)" } == ["receipts", "supplier", "supplier"])
            #expect(measured[0].days > 18 && measured[0].receipts == 6 && measured[0].newestReceiptOn == today.adding(days: -5))
            #expect(measured[1].days > 16 && measured[1].days < measured[0].days && measured[1].statedDays == 10)
            #expect(try await list(world, "t.location = 'south'").count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `leave out what is open, misdated, of another supplier or long ago`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await world.put([policy("item-00")])
            try await world.put([
                received("open", "item-00", days: 40, state: .inTransit), received("other", "item-00", days: 40, supplier: "x"),
                received("typed-in-late", "item-00", days: -3), received("old", "item-00", days: 40, ago: 900),
            ])
            let measured = try #require(try await list(world).first)
            #expect(measured.days == 10 && "\(measured.source)" == "stated")
            #expect(measured.doubts == ["1 receipts are dated before their orders and were left out"])
        }
    }

    @Test(arguments: Backend.available)
    func `raise the reorder point of what comes late, and the recommendation says by how many receipts`(
        backend: Backend
    ) async throws {
        var reorderPoints: [Double] = []
        for isLate in [false, true] {
            try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
                let world = try EngineWorld(database)
                try await world.stock()
                if isLate { try await world.put((0..<8).map { received(ID("PO-\($0)"), "item-00", days: 20 + $0 % 4) }) }
                _ = try await world.begin()
                try await world.worker.run()
                let made = try #require(try await world.made("item-00", at: "north").first)
                guard case .policy(let levels) = made.proposal else { throw Fault.defect("It is no policy.") }
                reorderPoints.append(levels.reorderPoint.double)
                let basis = isLate ? "acme, by 8 receipts, 10 stated" : "acme, as stated"
                #expect(made.reason?.contains(basis) == true, "\(made.reason ?? "")")
            }
        }
        #expect(reorderPoints[1] > 1.5 * reorderPoints[0])
    }

    @Test(arguments: Backend.available)
    func `an item that nobody delivers is put before a person`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await database.write { connection in try connection.run("DELETE FROM sourcing WHERE item = 'item-03'") }
            let (cycle, _) = try await world.begin()
            try await world.worker.run()
            let run = try await EngineRuns(world.services).finished(cycle.id)
            #expect(run.troubled == 2 && run.forecasts == cycle.expected)
            #expect(try await world.exceptions().allSatisfy { $0.summary.contains("a supplier or a lane") })
        }
    }
}
