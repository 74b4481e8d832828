import CanonicalModel
import ConnectorKit
import EventLog
import Governance
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `The flow` {
    @Test(arguments: Backend.available)
    func `the same recommendation twice is one, and another under its id is refused`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            let first = try await world.accept(world.recommendation())
            let again = try await world.accept(world.recommendation())
            let other = try await world.accept(world.recommendation(quantity: 141))
            #expect(first.map(\.kind) == [.accepted] && again.map(\.kind) == [.duplicate] && other.map(\.kind) == [.refused])
            #expect(first[0].digest == again[0].digest && first[0].acceptedAt == again[0].acceptedAt)
        }
    }

    @Test(arguments: Backend.available)
    func `an approved action reaches the ERP once, with proof`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            #expect(world.erp.arrivals == 0)
            try await world.approve()
            try await world.runToEnd()
            let row = try await world.row()
            #expect(row.state == .done && row.document != nil)
            let action = try #require(row.action)
            #expect(world.erp.arrivals == 1 && world.erp.effects == [action])
            let kinds = try await Explainer(world.services).explain("r1").audit.map(\.kind)
            #expect(
                kinds == [
                    "recommendation.received", "recommendation.decided", "recommendation.awaitingApproval",
                    "recommendation.approvalGiven", "recommendation.approved", "recommendation.inflight", "recommendation.done",
                ])
        }
    }

    @Test(arguments: Backend.available)
    func `Row 42: nobody approves what they proposed, without the role, or what they no longer see`(backend: Backend) async throws
    {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation(proposedBy: "maria"))
            await expect(.ownProposal) { try await world.approve() }
            await expect(.roleMissing) { try await world.approve(by: Approver(person: "otto", roles: ["viewer"])) }
            await expect(.stale) {
                try await ApprovalDesk(world.services).approve("r1", decision: "another", by: FlowWorld.maria)
            }
            try await world.runToEnd()
            #expect(world.erp.arrivals == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 24: two clicks are one approval`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            let first = try await world.approve()
            let second = try await world.approve()
            #expect(first.state == .approved && second.state == .approved)
            try await world.runToEnd()
            #expect(world.erp.arrivals == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 25: an order raised by hand after the approval makes the fence hold the action`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            try await world.approve()
            try await world.put([
                SupplyLine(
                    id: "erp|PO-9|1", order: "PO-9", kind: .purchase, state: .confirmed, item: "bolt", destination: "east",
                    supplier: "acme", ordered: Quantity(140), dueOn: FlowWorld.today.adding(days: 8))
            ])
            try await world.runToEnd()
            let row = try await world.row()
            #expect(row.state == .held && row.fault == "replenishment.drifted")
            #expect(world.erp.arrivals == 0)
            #expect(try await world.exceptions().map(\.kind) == ["drift"])
        }
    }

    @Test(arguments: Backend.available)
    func `an answer that was lost is settled by reading back`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.applyAndLose)
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            #expect(world.erp.arrivals == 1 && world.erp.effects.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a request that was lost is sent again once it is certain that nothing is there`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.lose)
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            let row = try await world.row()
            #expect(row.state == .done && row.attempts == 2)
            #expect(world.erp.arrivals == 2 && world.erp.mostEffectsOfOneReference == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `while the ERP cannot be asked the outcome stays unknown and nothing is sent`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.applyAndLose)
            world.erp.becomeUnreadable(true)
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            #expect(try await world.row().state == .unknown)
            #expect(world.erp.arrivals == 1)
            #expect(try await world.exceptions().map(\.kind) == ["unknownOutcome"])
            world.erp.becomeUnreadable(false)
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            #expect(try await world.exceptions().isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 31: what the ERP refuses becomes a dead letter, and a retry keeps the reference`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.refuse(.invalid("supplier", found: "acme", expected: "an active supplier")))
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            let dead = try await world.row()
            #expect(dead.state == .deadLetter && dead.reason?.contains("supplier") == true)
            _ = try await DeadLetters(world.services).retry("r1", by: "maria")
            try await world.runToEnd()
            let row = try await world.row()
            #expect(row.state == .done && row.reference == dead.reference && row.replays == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `being told to wait uses up no attempts`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            let throttled = Fault(.rateLimited, .retry(after: .seconds(30)), "Too many requests.")
            for _ in 0..<5 { world.erp.will(.refuse(throttled)) }
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            let row = try await world.row()
            #expect(row.state == .done && row.attempts == 6 && row.failures == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a newer recommendation takes the place of one that has not been sent`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation("old"))
            try await world.accept(world.recommendation("new", quantity: 160, madeAt: TestClock.start + .seconds(60)))
            try await world.accept(world.recommendation("late", madeAt: TestClock.start - .seconds(60)))
            #expect(try await world.row("old").state == .superseded)
            #expect(try await world.row("late").state == .superseded)
            #expect(try await world.row("new").state == .awaitingApproval)
        }
    }

    @Test(arguments: Backend.available)
    func `an action that no feed shows yet is counted, so the next run orders nothing`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation("first"))
            try await world.runToEnd()
            try await world.accept(world.recommendation("second", madeAt: TestClock.start + .seconds(60)))
            #expect(try await world.row("second").state == .rejected)
            #expect(world.erp.effects.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 2: what a dead process had on its way is taken over and settled`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            let dead = try await world.lease("dead")
            world.erp.will(.applyAndLose)
            _ = try await Dispatcher(world.services, lease: dead, logger: world.logger).run()
            // As if the answer had never been recorded.
            _ = try await world.services.database.write { connection in
                try connection.run("UPDATE replenishment SET state = 'inflight', next_at = NULL")
            }
            try await dead.release()
            let alive = try await world.lease("alive")
            #expect(try await Settlement(world.services, lease: alive, logger: world.logger).takeOver() == 1)
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            #expect(world.erp.arrivals == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 4: the answer of a process that was taken for dead changes nothing`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            world.erp.will(.lose)
            _ = try await Dispatcher(world.services, lease: try await world.lease("zombie"), logger: world.logger).run()
            let stale = try await world.row()
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            let system = try #require(world.services.systems["erp"])
            let late = Outcome.notDone(Fault(.rateLimited, .reject, "too late"))
            try await Completion(world.services).record(late, of: stale, in: system)
            #expect(try await world.row().state == .done)
            #expect(try await Explainer(world.services).explain("r1").audit.last?.kind == "attempt.late")
        }
    }

    @Test(arguments: Backend.available)
    func `an approval that nobody gives is escalated and then expires`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            world.clock.advance(by: .hours(25))
            _ = try await Housekeeping(world.services).run()
            #expect(try await world.exceptions().map(\.kind) == ["approvalEscalated"])
            world.clock.advance(by: .hours(48))
            _ = try await Housekeeping(world.services).run()
            #expect(try await world.row().state == .expired)
            #expect(try await world.exceptions().isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `the audit chain of all this verifies`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            world.erp.will(.lose, .applyAndLose)
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            let report = try await AuditVerifier(world.services.database, texts: replenishmentTexts).verify(
                checkpoints: [], publicKey: AuditSigningKey().publicKey)
            #expect(report.isSound && report.rows >= 6)
        }
    }

    @Test(
        arguments: Backend.available,
        [
            ("recommendation", "body", "recommendation r1"), ("decision", "body", "decision "),
            ("decision", "facts", "decision "),
            ("event", "data", "event"),
        ])
    func `a changed byte of what is kept once is found by the audit`(
        backend: Backend, place: (table: String, column: String, told: String)
    ) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation())
            try await world.runToEnd()
            let (table, column) = (place.table, place.column)
            let change: SQL =
                "UPDATE \(identifier: table) SET \(identifier: column) = REPLACE(\(identifier: column), '\"r1\"', '\"r2\"')"
            let other: SQL =
                "UPDATE \(identifier: table) SET \(identifier: column) = REPLACE(\(identifier: column), 'bolt', 'nut')"
            try await world.services.database.write { connection in
                _ = try connection.run(column == "facts" || table == "event" ? other : change)
            }
            let report = try await AuditVerifier(world.services.database, texts: replenishmentTexts).verify(
                checkpoints: [], publicKey: AuditSigningKey().publicKey)
            #expect(report.findings.count == 1)
            #expect(report.findings.first?.description.contains(place.told) == true)
        }
    }

    private func expect(_ code: Fault.Code, _ work: () async throws -> some Sendable) async {
        do {
            _ = try await work()
            Issue.record("nothing was thrown; expected \(code)")
        } catch {
            #expect((error as? Fault)?.code == code)
        }
    }
}
