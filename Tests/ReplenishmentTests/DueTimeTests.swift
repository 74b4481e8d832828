import CanonicalModel
import Governance
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `An approval's due time` {
    /// Due after 8 hours, escalated after 24, lapsed after 72.
    private static let table = FlowWorld.planTable.replacing("dueHours: 24", with: "dueHours: 8")

    @Test(arguments: Backend.available)
    func `is on the row, and reminds those who were asked once when it has passed`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: Self.table) { world in
            try await world.accept(world.recommendation())
            #expect(try await world.row().dueAt == TestClock.start + .hours(8))
            world.clock.advance(by: .hours(7))
            try await Housekeeping(world.services).run()
            #expect(try await world.exceptions().isEmpty)
            world.clock.advance(by: .hours(1))
            for _ in 0..<3 { try await Housekeeping(world.services).run() }
            let told = try await world.exceptions()
            #expect(told.map(\.kind) == ["approvalOverdue"] && told.map(\.team) == ["planner"] && told.map(\.seen) == [1])
            #expect(told.first?.dueAt == TestClock.start + .hours(72))
            let row = try await world.row()
            #expect(row.state == .awaitingApproval && row.isOverdue && !row.isEscalated)
        }
    }

    @Test(arguments: Backend.available)
    func `gives way to the escalation, and all of it ends with the consent`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: Self.table) { world in
            try await world.accept(world.recommendation())
            world.clock.advance(by: .hours(9))
            try await Housekeeping(world.services).run()
            world.clock.advance(by: .hours(16))
            try await Housekeeping(world.services).run()
            let told = try await world.exceptions()
            #expect(told.map(\.kind) == ["approvalEscalated"] && told.map(\.team) == ["operations"])
            try await world.approve(by: Approver(person: "omar", roles: ["operations"]))
            #expect(try await world.row().state == .approved)
            #expect(try await world.exceptions().isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `begins anew with each decision`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: Self.table) { world in
            try await world.accept(world.recommendation())
            world.clock.advance(by: .hours(9))
            try await Housekeeping(world.services).run()
            _ = try await ApprovalDesk(world.services).decideAgain("r1", by: FlowWorld.maria, reason: "Look again.")
            try await DecisionStage(world.services).run()
            let row = try await world.row()
            #expect(row.dueAt == TestClock.start + .hours(17) && !row.isOverdue)
            #expect(try await world.exceptions().isEmpty)
        }
    }
}
