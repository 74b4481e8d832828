import CanonicalModel
import Logging
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// Two actions for the same thing are carried out in the order in which they were asked for.
@Suite("The order of actions for one thing")
struct OrderOfActionsTests {
    @Test(arguments: Backend.available)
    func `a newer action waits while an older one is tried again`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.lose)
            try await world.accept(policy("r1", reorderPoint: 120))
            try await round(world)
            #expect(try await world.row("r1").state == .unknown)
            try await world.accept(policy("r2", reorderPoint: 150))
            _ = try await Settlement(world.services, lease: try await world.lease(), logger: world.logger).run()
            try await round(world)
            #expect(try await states(world) == [.approved, .approved])
            #expect(world.erp.arrivals == 1)
            world.clock.advance(by: .hours(1))
            try await round(world)
            #expect(try await states(world) == [.done, .approved])
            try await round(world)
            #expect(try await world.row("r2").state == .done)
            #expect(world.erp.arrivals == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `an older action is not sent after a newer one was carried out`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.refuse(.invalid("reorderPoint", found: "120", expected: "a multiple of 50")))
            try await world.accept(policy("r1", reorderPoint: 120))
            try await round(world)
            #expect(try await world.row("r1").state == .deadLetter)
            try await world.services.database.write { connection in
                // As it is when a person retries it in the moment in which the newer one is on its way.
                try connection.run("UPDATE replenishment SET order_key = 'elsewhere' WHERE id = 'r1'")
                try connection.run("UPDATE recommendation SET order_key = 'elsewhere' WHERE id = 'r1'")
            }
            try await world.accept(policy("r2", reorderPoint: 150))
            try await round(world)
            #expect(try await world.row("r2").state == .done)
            try await world.services.database.write { connection in
                try connection.run(
                    """
                    UPDATE replenishment SET state = 'approved', next_at = 0, version = 0,
                        order_key = (SELECT order_key FROM replenishment WHERE id = 'r2')
                    WHERE id = 'r1'
                    """)
                try connection.run(
                    """
                    UPDATE recommendation SET version = 0, order_key = (SELECT order_key FROM recommendation WHERE id = 'r2')
                    WHERE id = 'r1'
                    """)
            }
            try await round(world)
            let row = try await world.row("r1")
            #expect(row.state == .superseded && row.reason?.contains("r2 is newer") == true)
            #expect(world.erp.arrivals == 2)
        }
    }

    private func states(_ world: FlowWorld) async throws -> [ReplenishmentState] {
        [try await world.row("r1").state, try await world.row("r2").state]
    }

    private func round(_ world: FlowWorld) async throws {
        _ = try await Dispatcher(world.services, lease: try await world.lease(), logger: world.logger).run()
    }

    private func policy(_ id: ID<Recommendation>, reorderPoint: Int) -> Recommendation {
        Recommendation(
            id: id, source: "forecastCloud", item: "bolt", location: "east",
            proposal: .policy(
                PolicyLevels(
                    reorderPoint: Quantity(reorderPoint), safetyStock: Quantity(40), orderUpTo: Quantity(reorderPoint + 100))),
            assumptions: Assumptions(onHand: Quantity(60), allocated: .zero, onOrder: .zero, inTransit: .zero),
            madeAt: TestClock.start)
    }
}
