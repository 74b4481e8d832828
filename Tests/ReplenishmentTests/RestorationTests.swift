import CanonicalModel
import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// The database is put back to a moment before things were sent, and the ERP is not.
@Suite struct `A restored database` {
    @Test(arguments: Backend.available)
    func `Row 48: adopts what the ERP has already, and sends it no second time`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            #expect(world.erp.arrivals == 1)
            try await world.forgetSending()
            #expect(try await Restoration(world.services).begin(by: "otto") == 1)
            // Nothing is sent before it was looked for.
            try await world.runToEnd()
            #expect(world.erp.arrivals == 1)
            #expect(try await world.reconcile() == 1)
            let row = try await world.row()
            #expect(row.state == .done && row.document != nil)
            try await world.runToEnd()
            #expect(world.erp.arrivals == 1 && world.erp.effects.count == 1)
            #expect(try await Explainer(world.services).explain("r1").audit.last?.kind == "recommendation.adopted")
        }
    }

    @Test(arguments: Backend.available)
    func `Row 48: sends what the ERP has not, once it is certain of that`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            try await Restoration(world.services).begin(by: "otto")
            world.erp.becomeUnreadable(true)
            #expect(try await world.reconcile() == 0)
            try await world.runToEnd()
            #expect(world.erp.arrivals == 0)
            world.erp.becomeUnreadable(false)
            #expect(try await world.reconcile() == 1)
            try await world.runToEnd()
            #expect(world.erp.arrivals == 1)
            #expect(try await world.row().state == .done)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 48: recognises a recommendation that it has forgotten and is sent again`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            try await world.forgetEverything()
            try await Restoration(world.services).begin(by: "otto")
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            #expect(world.erp.arrivals == 1)
            #expect(try await world.reconcile() == 1)
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            #expect(world.erp.arrivals == 1 && world.erp.effects.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 48: names open supply under a reference of ours that it does not know`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            try await world.put([
                SupplyLine(
                    id: "erp|PO-9|1", order: "PO-9", kind: .purchase, state: .confirmed, item: "bolt", destination: "east",
                    supplier: "acme", ordered: Quantity(10), dueOn: FlowWorld.today.adding(days: 40),
                    reference: "PLM-0000000000000000FFFF")
            ])
            try await Restoration(world.services).begin(by: "otto")
            try await world.reconcile()
            let told = try await world.exceptions()
            #expect(told.map(\.kind) == ["forgottenAction"] && told.map(\.subject) == ["PLM-0000000000000000FFFF"])
        }
    }
}

extension FlowWorld {
    @discardableResult
    fileprivate func reconcile() async throws -> Int {
        try await Reconciliation(services, logger: logger).run()
    }

    /// The database as it was when the action had been approved and not been sent.
    fileprivate func forgetSending() async throws {
        let now = clock.now
        _ = try await services.database.write { connection in
            try connection.run("DELETE FROM attempt")
            return try connection.run(
                """
                UPDATE replenishment SET state = 'approved', attempts = 0, epoch = NULL, next_at = \(now), document_kind = NULL,
                    document_number = NULL, document_id = NULL
                """)
        }
    }

    /// The database as it was before the recommendation came.
    fileprivate func forgetEverything() async throws {
        _ = try await services.database.write { connection in
            try connection.run("DELETE FROM attempt")
            try connection.run("DELETE FROM decision")
            try connection.run("DELETE FROM recommendation")
            return try connection.run("DELETE FROM replenishment")
        }
    }
}
