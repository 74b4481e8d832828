import CanonicalModel
import Governance
import Replenishment
import TestBackends
import Testing
import Vocabulary

@Suite struct `A source that a plan over the network has chosen` {
    private func asked(_ plan: PlannedSource) -> Recommendation {
        Recommendation(
            id: "r1", source: "forecastCloud", item: "bolt", location: "east",
            proposal: .replenishment(
                .init(quantity: Quantity(140), unit: .piece, neededBy: FlowWorld.today.adding(days: 9), plan: plan)),
            assumptions: Assumptions(), madeAt: TestClock.start)
    }

    private func spare(_ world: FlowWorld, _ onHand: Int) async throws {
        try await world.put([
            Lane(origin: "west", destination: "east", transitDays: 2, costPerShipment: Money(30), currency: "USD")
        ])
        try await world.put([Balance(item: "bolt", location: "west", onHand: Quantity(onHand))])
        try await world.put([
            InventoryPolicy(
                item: "bolt", location: "west",
                levels: PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200)))
        ])
    }

    @Test(arguments: Backend.available)
    func `is taken although another one is cheaper here, which is told with the difference`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await spare(world, 1000)
            try await world.accept(asked(PlannedSource(kind: .purchase, from: "acme")))
            let decision = try await world.decision()
            #expect(decision.action?.kind == .createPurchaseProposal)
            #expect(decision.findings.contains { $0.check == "plan" && $0.result == .adjusted })
            let transfer = try #require(decision.alternatives.first { $0.name == "transfer from west" })
            #expect(transfer.cost != nil && transfer.reason.contains("its goods save more elsewhere"))
            #expect(try await Explainer(world.services).explain("r1").decisions.allSatisfy(\.isReproducible))
        }
    }

    @Test(arguments: Backend.available)
    func `gives way to what can be done when its goods are gone, and says so`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await spare(world, 120)
            try await world.accept(asked(PlannedSource(kind: .transfer, from: "west")))
            let decision = try await world.decision()
            #expect(decision.action?.kind == .createPurchaseProposal)
            let finding = try #require(decision.findings.first { $0.check == "plan" })
            #expect(finding.result == .warned && finding.explanation.contains("it has 20 available"))
        }
    }
}
