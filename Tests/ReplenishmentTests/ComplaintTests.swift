import CanonicalModel
import Governance
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// What users of other systems complain about, as it is to be.
@Suite struct `What goes wrong elsewhere` {
    @Test(arguments: Backend.available)
    func `Row 24: two runs at once for one shelf are one supply intent`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for run in 0..<5 {
                    group.addTask {
                        let made = world.recommendation(
                            ID("run-\(run)"), madeAt: TestClock.start + .seconds(Int64(run)))
                        try await world.accept(made)
                    }
                }
                try await group.waitForAll()
            }
            try await world.runToEnd()
            #expect(world.erp.effects.count == 1)
            #expect(world.erp.mostEffectsOfOneReference == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `an order that nobody linked to a rule is cover like any other`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.put([
                SupplyLine(
                    id: "erp|PO-7|1", order: "PO-7", kind: .purchase, state: .draft, item: "bolt", destination: "east",
                    ordered: Quantity(140), dueOn: FlowWorld.today.adding(days: 6))
            ])
            for run in 0..<3 {
                try await world.accept(world.recommendation(ID("run-\(run)"), madeAt: TestClock.start + .seconds(Int64(run))))
            }
            try await world.runToEnd()
            #expect(world.erp.arrivals == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a receipt that was postponed raises no second order`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.accept(world.recommendation("first"))
            try await world.runToEnd()
            let reference = try await world.row("first").reference.rawValue
            // The ERP shows our order, and its receipt is overdue.
            try await world.put([
                SupplyLine(
                    id: "erp|PO-8|1", order: "PO-8", kind: .purchase, state: .confirmed, item: "bolt", destination: "east",
                    supplier: "acme", ordered: Quantity(140), dueOn: FlowWorld.today.adding(days: -3), reference: reference)
            ])
            try await world.accept(world.recommendation("second", madeAt: TestClock.start + .seconds(60)))
            #expect(try await world.row("second").state == .rejected)
            #expect(try await world.decision("second").findings.contains { $0.check == "lateSupply" && $0.result == .warned })
            #expect(world.erp.effects.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `kilograms stay what they are, and packs stay whole, whatever the factor`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.sellInPacks()
            // 50 packs of a third of a kilogram: never 50.0001 of them, and never 51.
            try await world.accept(world.resin("minimum", kilograms: "10"))
            #expect(try await world.ordered("minimum") == [Quantity(50)])
            try await world.accept(world.resin("more", kilograms: "20.1", madeAt: TestClock.start + .seconds(60)))
            #expect(try await world.ordered("more") == [Quantity(61)])
        }
    }

    @Test(arguments: Backend.available)
    func `the first order and the next are computed alike`(backend: Backend) async throws {
        var figures: [[Quantity]?] = []
        for _ in 0..<2 {
            try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
                try await world.accept(world.recommendation("a", assumptions: Assumptions()))
                figures.append(try await world.ordered("a"))
                try await world.put([Balance(item: "bolt", location: "east", onHand: Quantity(59))])
                try await world.accept(
                    world.recommendation("b", madeAt: TestClock.start + .seconds(60), assumptions: Assumptions()))
                figures.append(try await world.ordered("b"))
            }
        }
        // From 60 up to 200 and from 59 up to 200, in tens: never the reorder point for an answer.
        #expect(figures[0] == [Quantity(140)] && figures[2] == figures[0])
        #expect(figures[3] == figures[1])
    }
}

extension FlowWorld {
    /// Resin is kept in kilograms and sold in packs of a third of one, 50 at least.
    fileprivate func sellInPacks() async throws {
        try await put([
            Item(
                id: "resin", name: "Resin", stockingUnit: "KGM",
                conversions: [UnitConversion(unit: "PA", factor: try Ratio(1, 3))], unitCost: Money(9), currency: "USD")
        ])
        try await put([
            Sourcing(
                item: "resin", supplier: "acme", leadTimeDays: 10, leadTimeDeviation: 2, unit: "PA",
                minimumQuantity: Quantity(50), price: Money(3), currency: "USD")
        ])
        try await put([Balance(item: "resin", location: "east", onHand: .zero)])
    }

    fileprivate func resin(
        _ id: ID<Recommendation>, kilograms: String, madeAt: Instant = TestClock.start
    ) throws -> Recommendation {
        Recommendation(
            id: id, source: "forecastCloud", item: "resin", location: "east",
            proposal: .replenishment(
                .init(
                    quantity: try Quantity(parsing: kilograms, field: "quantity"), unit: "KGM",
                    neededBy: Self.today.adding(days: 12))),
            assumptions: Assumptions(), madeAt: madeAt)
    }

    fileprivate func ordered(_ id: ID<Recommendation>) async throws -> [Quantity]? {
        guard case .createPurchaseProposal(let purchase)? = try await decision(id).action else { return nil }
        return purchase.quantities
    }
}
