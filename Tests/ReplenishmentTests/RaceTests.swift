import CanonicalModel
import EventLog
import Governance
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// Two things at the same moment for one recommendation: the database puts them one after the other.
@Suite struct `Two at the same moment` {
    @Test(arguments: Backend.available)
    func `Row 24: of many clicks on approve one counts`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            let seen = try await world.decision().id
            let states = try await withThrowingTaskGroup(of: ReplenishmentState.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await ApprovalDesk(world.services).approve("r1", decision: seen, by: FlowWorld.maria).state
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(states == Array(repeating: .approved, count: 8))
            try await world.runToEnd()
            let audit = try await Explainer(world.services).explain("r1").audit.map(\.kind)
            #expect(audit.count { $0 == "recommendation.approvalGiven" } == 1)
            #expect(audit.count { $0 == "recommendation.approved" } == 1)
            #expect(world.erp.arrivals == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 24: an approval and a newer recommendation end in one action at most`(backend: Backend) async throws {
        for round in 0..<5 {
            try await FlowWorld.run(on: backend) { world in
                try await world.accept(world.recommendation())
                let seen = try await world.decision().id
                async let approval = try? ApprovalDesk(world.services).approve("r1", decision: seen, by: FlowWorld.maria)
                async let newer = world.accept(
                    world.recommendation("r2", quantity: 150 + round, madeAt: TestClock.start + .seconds(60)))
                _ = try await (approval, newer)
                try await world.runToEnd()
                let states = [try await world.row("r1").state, try await world.row("r2").state]
                #expect(
                    [[.superseded, .awaitingApproval], [.done, .rejected], [.done, .awaitingApproval]].contains(states),
                    "\(states)")
                #expect(world.erp.arrivals == (states[0] == .done ? 1 : 0))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `Row 24: an approval and a rejection end in one of them`(backend: Backend) async throws {
        for _ in 0..<5 {
            try await FlowWorld.run(on: backend) { world in
                try await world.accept(world.recommendation())
                let seen = try await world.decision().id
                let desk = ApprovalDesk(world.services)
                async let approval = try? desk.approve("r1", decision: seen, by: FlowWorld.maria)
                async let rejection = try? desk.reject("r1", by: FlowWorld.maria, reason: "no")
                _ = await (approval, rejection)
                try await world.runToEnd()
                // A rejection may come after the approval and still before anything was sent; never the other way round.
                #expect(try await world.row().state == .rejected)
                #expect(world.erp.arrivals == 0)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `Row 24: what has expired is approved no more`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            let seen = try await world.decision().id
            world.clock.advance(by: .hours(73))
            await #expect(throws: Fault.self) {
                try await ApprovalDesk(world.services).approve("r1", decision: seen, by: FlowWorld.maria)
            }
            _ = try await Housekeeping(world.services).run()
            await #expect(throws: Fault.self) {
                try await ApprovalDesk(world.services).approve("r1", decision: seen, by: FlowWorld.maria)
            }
            try await world.runToEnd()
            #expect(try await world.row().state == .expired && world.erp.arrivals == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 25: facts that change within the tolerance let the action pass, and beyond it hold it`(backend: Backend)
        async throws
    {
        for (onHand, passes) in [(58, true), (120, false)] {
            try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
                try await world.accept(world.recommendation())
                try await world.put([Balance(item: "bolt", location: "east", onHand: Quantity(onHand))])
                try await world.runToEnd()
                #expect(try await world.row().state == (passes ? .done : .held), "\(onHand) on hand")
                #expect(world.erp.arrivals == (passes ? 1 : 0))
            }
        }
    }
}

@Suite struct `A dead letter` {
    @Test(arguments: Backend.available)
    func `Row 31: that is tried again twice at once goes back once, under its own reference`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            let reference = try await refused(world)
            let retried = await withTaskGroup(of: Bool.self) { group in
                for person in ["otto", "emma", "nils"] {
                    group.addTask { (try? await DeadLetters(world.services).retry("r1", by: person)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(retried == 1)
            try await world.runToEnd()
            let row = try await world.row()
            #expect(row.state == .done && row.replays == 1 && row.reference.rawValue == reference)
            #expect(world.erp.mostEffectsOfOneReference == 1 && world.erp.effects.count == 1)
            let actors = try await Explainer(world.services).explain("r1").audit.map(\.actor)
            #expect(actors.count { ["otto", "emma", "nils"].contains($0) } == 1)
            await #expect(throws: Fault.self) { try await DeadLetters(world.services).retry("r1", by: "otto") }
        }
    }

    @Test(arguments: Backend.available)
    func `Row 31: that had its effect after all is found when it is tried again under another table, and not sent`(
        backend: Backend
    ) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            _ = try await refused(world)
            let action = try #require(try await world.row().action)
            world.erp.remember([try await world.row().reference.rawValue: [action]])
            _ = try await DecisionTables(world.services).adopt(FlowWorld.planTable, by: "olga")
            let arrivals = world.erp.arrivals
            _ = try await DeadLetters(world.services).retry("r1", by: "otto")
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            #expect(world.erp.arrivals == arrivals)
        }
    }

    /// One that the ERP has refused; its reference.
    private func refused(_ world: FlowWorld) async throws -> String {
        world.erp.will(.refuse(Fault(.invalidInput, .reject, "This supplier is closed.")))
        try await world.accept(world.recommendation())
        try await world.runToEnd()
        let row = try await world.row()
        #expect(row.state == .deadLetter)
        return row.reference.rawValue
    }
}
