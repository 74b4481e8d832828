import CanonicalModel
import Governance
import Replenishment
import TestBackends
import Testing
import Vocabulary

@Suite struct `Deciding` {
    @Test(arguments: Backend.available)
    func `buys by the supplier's lot rules and says which ones bound`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation(quantity: 143))
            let decision = try await world.decision()
            guard case .createPurchaseProposal(let purchase)? = decision.action else {
                Issue.record("not a purchase: \(String(describing: decision.action))")
                return
            }
            #expect(purchase.quantities == [Quantity(150)])
            #expect(purchase.supplier == "acme")
            #expect(decision.findings.contains { $0.check == "lotRules" && $0.result == .adjusted })
            #expect(decision.value == Worth(Money(1500), "USD"))
        }
    }

    @Test(arguments: Backend.available)
    func `prefers a transfer of excess stock, and keeps what the purchase would have cost`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.put([
                Lane(origin: "west", destination: "east", transitDays: 2, costPerShipment: Money(30), currency: "USD")
            ])
            try await world.put([Balance(item: "bolt", location: "west", onHand: Quantity(1000))])
            try await world.put([
                InventoryPolicy(
                    item: "bolt", location: "west",
                    levels: PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200)))
            ])
            try await world.accept(world.recommendation())
            let decision = try await world.decision()
            guard case .createTransfer(let transfer)? = decision.action else {
                Issue.record("not a transfer: \(String(describing: decision.action))")
                return
            }
            #expect(transfer.origin == "west" && transfer.quantity == Quantity(140))
            let purchase = try #require(decision.alternatives.first { $0.name == "purchase from acme" })
            #expect(purchase.cost != nil && purchase.reason.contains("dearer"))
        }
    }

    @Test(arguments: Backend.available)
    func `an order that arrives in time leaves nothing to order`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.put([line("PO-1", due: 5, quantity: 140)])
            try await world.accept(world.recommendation())
            #expect(try await world.row().state == .rejected)
            #expect(try await world.decision().rule == "needless")
        }
    }

    @Test(arguments: Backend.available)
    func `an order in the far future is no cover`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.put([line("PO-1", due: 60, quantity: 500)])
            try await world.accept(world.recommendation())
            #expect(try await world.decision().action?.kind == .createPurchaseProposal)
        }
    }

    @Test(arguments: Backend.available)
    func `late supply is chased and not ordered again`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.put([line("PO-1", due: -3, quantity: 140)])
            try await world.accept(world.recommendation())
            let decision = try await world.decision()
            #expect(decision.action == nil)
            #expect(decision.findings.contains { $0.check == "lateSupply" && $0.result == .warned })
        }
    }

    @Test(arguments: Backend.available)
    func `a unit without a factor is held for master data, never taken as one`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            let asked = Recommendation(
                id: "r1", source: "forecastCloud", item: "bolt", location: "east",
                proposal: .replenishment(.init(quantity: Quantity(10), unit: "CS", neededBy: FlowWorld.today.adding(days: 9))),
                assumptions: Assumptions(), madeAt: TestClock.start)
            try await world.accept(asked)
            #expect(try await world.row().state == .held)
            #expect(try await world.exceptions().first?.team == "masterData")
            #expect(try await world.decision().action == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `made again from its stored facts a decision is the same`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.accept(world.recommendation())
            try await world.put([Balance(item: "bolt", location: "east", onHand: Quantity(5))])
            let explained = try await Explainer(world.services).explain("r1").decisions
            #expect(explained.count == 1 && explained.allSatisfy(\.isReproducible))
        }
    }

    @Test(arguments: Backend.available)
    func `an item nobody knows is held, and its neighbour decided`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            let stranger = Recommendation(
                id: "r0", source: "forecastCloud", item: "ghost", location: "east",
                proposal: .replenishment(.init(quantity: Quantity(10), unit: .piece, neededBy: FlowWorld.today)),
                assumptions: Assumptions(), madeAt: TestClock.start)
            try await world.accept(stranger, world.recommendation())
            #expect(try await world.row("r0").state == .held)
            #expect(try await world.row("r1").state == .awaitingApproval)
        }
    }

    private func line(_ order: String, due days: Int, quantity: Int) -> SupplyLine {
        SupplyLine(
            id: .joining("erp", order, "1"), order: order, kind: .purchase, state: .confirmed, item: "bolt", destination: "east",
            supplier: "acme", ordered: Quantity(quantity), dueOn: FlowWorld.today.adding(days: days))
    }
}
