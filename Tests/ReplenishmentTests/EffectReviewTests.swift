import CanonicalModel
import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// What was done is looked for again, because it does not stay done by itself.
@Suite struct `The review of effects` {
    @Test(arguments: Backend.available)
    func `Row 21: what a restored ERP has lost is held for a person, counts as cover and is not sent again`(
        backend: Backend
    ) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.doOne()
            #expect(try await world.review() == ["done"])
            let before = world.erp.forgetEverything()
            #expect(try await world.review() == ["held"])
            let row = try await world.row()
            #expect(row.fault == "replenishment.vanished" && row.document != nil)
            #expect(try await world.exceptions().map(\.kind) == ["effectVanished"])
            // Neither by itself nor because the next run of the planner asks for the same.
            try await world.accept(world.recommendation("r2", madeAt: TestClock.start + .hours(2)))
            try await world.runToEnd()
            #expect(try await world.row("r2").state == .rejected)
            #expect(world.erp.arrivals == 1 && world.erp.effects.isEmpty)
            #expect(try await world.review() == ["held"])

            world.erp.remember(before)
            #expect(try await world.review() == ["done"])
            #expect(try await world.exceptions().isEmpty)
            #expect(world.erp.arrivals == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 21: a person says what became of it, and what is gone for good is no cover any more`(backend: Backend) async throws
    {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.doOne()
            _ = world.erp.forgetEverything()
            #expect(try await world.review() == ["held"])
            let answer = try await ApprovalDesk(world.services).settle(
                "r1", wasDone: false, by: FlowWorld.maria, reason: "It is gone.")
            #expect(answer.state == .rejected)
            #expect(try await world.exceptions().isEmpty)
            try await world.accept(world.recommendation("r2", madeAt: TestClock.start + .hours(2)))
            try await world.runToEnd()
            #expect(try await world.row("r2").state == .done)
            #expect(world.erp.arrivals == 2 && world.erp.mostEffectsOfOneReference == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 45: what people change in the ERP is told once, until it is as it was`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.doOne()
            #expect(try await world.review() == ["done"])
            #expect(try await world.exceptions().isEmpty)
            let reference = try await world.row().reference.rawValue
            world.erp.change(reference, "it asks for 100, not 140")
            for _ in 0..<3 { #expect(try await world.review() == ["done"]) }
            let told = try await world.exceptions()
            #expect(told.map(\.kind) == ["effectChanged"] && told.first?.seen == 3)
            let audit = try await Explainer(world.services).explain("r1").audit
            #expect(audit.count { $0.kind == "effect.changed" } == 1)
            world.erp.change(reference, nil)
            #expect(try await world.review() == ["done"])
            #expect(try await world.exceptions().isEmpty)
            #expect(world.erp.arrivals == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a round that the ERP does not answer goes on where it stood`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.doOne()
            _ = world.erp.forgetEverything()
            world.erp.becomeUnreadable(true)
            #expect(try await world.review() == ["done"])
            world.erp.becomeUnreadable(false)
            world.clock.advance(by: .seconds(31))
            let system = try #require(world.services.systems["erp"])
            _ = try await EffectReview(world.services, logger: world.logger).run(system)
            #expect(try await world.row().state == .held)
        }
    }
}

extension FlowWorld {
    fileprivate func doOne() async throws {
        try await accept(recommendation())
        try await runToEnd()
        #expect(try await row().state == .done)
    }

    /// The states after one more round.
    fileprivate func review() async throws -> [String] {
        clock.advance(by: .hours(25))
        let system = try #require(services.systems["erp"])
        while try await EffectReview(services, logger: logger).run(system) {}
        return [try await row().state.rawValue]
    }
}
