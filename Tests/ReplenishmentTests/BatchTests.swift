import CanonicalModel
import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `A batch of the flow` {
    private static let count = 30

    /// Stocks many items and has an automatically approved recommendation for each.
    private func run(_ backend: Backend, _ body: (FlowWorld) async throws -> Void) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            let items = (0..<Self.count).map { ID<Item>("item-\($0)") }
            try await world.put(
                items.map { Item(id: $0, name: "Bolt", stockingUnit: .piece, unitCost: Money(10), currency: "USD") })
            try await world.put(
                items.map {
                    Sourcing(
                        item: $0, supplier: "acme", leadTimeDays: 10, leadTimeDeviation: 2, unit: .piece,
                        minimumQuantity: Quantity(50), multiple: Quantity(10), price: Money(10), currency: "USD")
                })
            try await world.put(
                items.map {
                    InventoryPolicy(
                        item: $0, location: "east",
                        levels: PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200)))
                })
            try await world.put(items.map { Balance(item: $0, location: "east", onHand: Quantity(60)) })
            let wanted = items.enumerated().map { number, item in
                Recommendation(
                    id: ID("r-\(number)"), source: "forecastCloud", item: item, location: "east",
                    proposal: .replenishment(
                        .init(quantity: Quantity(140), unit: .piece, neededBy: FlowWorld.today.adding(days: 12))),
                    assumptions: Assumptions(onHand: Quantity(60)), madeAt: TestClock.start)
            }
            let receipts = try await Intake(world.services).accept(wanted + wanted.prefix(1), by: "forecastCloud")
            #expect(receipts.map(\.kind) == wanted.map { _ in .accepted } + [.duplicate])
            _ = try await DecisionStage(world.services).run()
            try await body(world)
        }
    }

    private func states(_ world: FlowWorld) async throws -> [String: Int] {
        let rows = try await world.services.database.read { connection in
            try connection.rows("SELECT state, COUNT(*) FROM replenishment GROUP BY state") { row in
                (try row[0] as String, try row[1] as Int)
            }
        }
        return Dictionary(rows) { first, _ in first }
    }

    @Test(arguments: Backend.available)
    func `two replicas share the work, and each action is sent once`(backend: Backend) async throws {
        try await run(backend) { world in
            let leases = [try await world.lease("first"), try await world.lease("second")]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lease in leases {
                    let dispatcher = Dispatcher(world.services, lease: lease, logger: world.logger)
                    group.addTask { while try await dispatcher.run() > 0 {} }
                }
                try await group.waitForAll()
            }
            #expect(try await states(world) == ["done": Self.count])
            #expect(world.erp.arrivals == Self.count && world.erp.mostEffectsOfOneReference == 1)
            let report = try await AuditVerifier(world.services.database, texts: replenishmentTexts).verify(
                checkpoints: [], publicKey: AuditSigningKey().publicKey)
            #expect(report.isSound)
            let deeds = try await world.services.database.read { connection in
                try connection.value("SELECT COUNT(*) FROM event WHERE actor IS NOT NULL AND seal IS NOT NULL", as: Int.self)
            }
            #expect(deeds == 5 * Self.count, "each is received, decided, approved, on its way and done")
        }
    }

    @Test(arguments: Backend.available)
    func `Row 30: one that cannot be sent becomes a dead letter, and its neighbours are sent`(backend: Backend) async throws {
        try await run(backend) { world in
            _ = try await world.services.database.write { connection in
                try connection.run("UPDATE replenishment SET decision = NULL WHERE id = 'r-7'")
            }
            let dispatcher = Dispatcher(world.services, lease: try await world.lease(), logger: world.logger)
            while try await dispatcher.run() > 0 {}
            #expect(try await states(world) == ["done": Self.count - 1, "deadLetter": 1])
            #expect(try await world.row("r-7").reason?.contains("without a decision") == true)
            #expect(try await world.exceptions().map(\.subject) == ["r-7"])
        }
    }

    @Test(arguments: Backend.available)
    func `two decisions of one batch do not count on the same goods`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.put([Location(id: "north", name: "North", region: "us", system: "erp")])
            let levels = PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200))
            try await world.put([
                InventoryPolicy(item: "bolt", location: "north", levels: levels),
                InventoryPolicy(item: "bolt", location: "west", levels: levels),
            ])
            // West can spare 150 above its reorder point: enough for one of the two who want 140.
            try await world.put([
                Balance(item: "bolt", location: "west", onHand: Quantity(250)),
                Balance(item: "bolt", location: "north", onHand: Quantity(60)),
            ])
            try await world.put(
                ["east", "north"].map { Lane(origin: "west", destination: $0, transitDays: 1, currency: "USD") })
            let wanted = ["east", "north"].map { location in
                Recommendation(
                    id: ID("to-\(location)"), source: "forecastCloud", item: "bolt", location: ID(location),
                    proposal: .replenishment(
                        .init(quantity: Quantity(140), unit: .piece, neededBy: FlowWorld.today.adding(days: 12))),
                    assumptions: Assumptions(onHand: Quantity(60)), madeAt: TestClock.start)
            }
            _ = try await Intake(world.services).accept(wanted, by: "forecastCloud")
            _ = try await DecisionStage(world.services).run()
            let rows = [try await world.row("to-east"), try await world.row("to-north")]
            var fromWest = Quantity.zero
            for row in rows {
                if case .createTransfer(let transfer)? = row.action { fromWest = try fromWest + transfer.quantity }
            }
            #expect(rows.allSatisfy { $0.action != nil } && fromWest.isPositive && fromWest <= Quantity(150))
            for row in rows {
                #expect(try await Explainer(world.services).explain(row.id).decisions.last?.isReproducible == true)
            }
        }
    }
}
