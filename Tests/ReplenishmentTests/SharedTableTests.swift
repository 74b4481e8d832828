import EventLog
import Governance
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `A decision table that one process has put in force` {
    @Test(arguments: Backend.available)
    func `Row 33: is what every other one decides by from then on, and what was decided before keeps its own`(backend: Backend)
        async throws
    {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            let before = try await world.decision()
            let randomness = Randomness.seeded(8)
            let other = FlowServices(
                database: world.services.database, events: EventLog(randomness: randomness), audit: AuditLog(),
                systems: world.services.systems, policies: PolicyBook(current: world.services.policies.current),
                clock: world.clock.wallClock, randomness: randomness)
            let adopted = try await DecisionTables(other).adopt(FlowWorld.automaticTable, by: "maria")
            try await world.accept(world.recommendation("r2", madeAt: TestClock.start + .seconds(1)))
            #expect(try await world.decision("r2").policyVersion == adopted.version)
            #expect(adopted.version != before.policyVersion)
            let explained = try await Explainer(world.services).explain("r1").decisions
            #expect(explained.map(\.decision.policyVersion) == [before.policyVersion])
            #expect(explained.map(\.isReproducible) == [true])
        }
    }
}
