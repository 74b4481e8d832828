import CanonicalModel
import EventLog
import Governance
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// A decision on a fallback forecast of 70 a week, and what becomes of it when the platform's own comes after all.
@Suite struct `A provisional decision` {
    @Test(arguments: Backend.available)
    func `is made anew when the real forecast lands, although no new recommendation comes`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.fallBack()
            let first = try await world.decision()
            #expect(first.isProvisional)
            #expect(try await world.row().isProvisional)
            // 40 a week less over the 12 days of the risk window and today: 74 less are needed.
            try await world.land(weekly: 30)
            let second = try await world.decision()
            #expect(second.id != first.id && !second.isProvisional)
            #expect(try await world.row().state == .awaitingApproval)
            #expect(try first.quantity == Quantity(140) && second.quantity == Quantity(70))
            #expect(second.findings.contains { $0.check == "forecast" && $0.result == .adjusted })
            try await Housekeeping(world.services).run()
            #expect(try await world.decision().id == second.id)
        }
    }

    @Test(arguments: Backend.available)
    func `is rejected as needless when the real forecast expects next to nothing`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.fallBack(quantity: 60)
            try await world.land(weekly: 1)
            let row = try await world.row()
            #expect(row.state == .rejected && row.reason?.contains("real forecast") == true)
        }
    }

    @Test(arguments: Backend.available)
    func `that people have consented to stands while the answer does, and falls when it does not`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            try await world.fallBack()
            try await world.approve()
            try await world.land(weekly: 70)
            #expect(try await world.row().state == .approved)
            #expect(try await !world.row().isProvisional)
            #expect(try await world.auditKinds().last == "recommendation.confirmed")
        }
        try await FlowWorld.run(on: backend) { world in
            try await world.fallBack()
            try await world.approve()
            try await world.land(weekly: 30)
            #expect(try await world.row().state == .awaitingApproval)
            try await world.runToEnd()
            #expect(world.erp.arrivals == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `that was sent becomes an exception when the real forecast asks for something else`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.fallBack()
            try await world.runToEnd()
            #expect(try await world.row().state == .done)
            try await world.land(weekly: 30)
            let told = try await world.exceptions()
            #expect(told.map(\.kind) == ["provisionalChanged"] && told.map(\.seen) == [1])
            #expect(told.first?.summary.contains("not 140") == true)
            #expect(world.erp.effects.count == 1)
        }
        try await FlowWorld.run(on: backend, table: FlowWorld.automaticTable) { world in
            try await world.fallBack()
            try await world.runToEnd()
            try await world.land(weekly: 69)
            #expect(try await world.exceptions().isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `about a policy moves its levels with the demand`(backend: Backend) async throws {
        try await FlowWorld.run(on: backend) { world in
            let levels = PolicyLevels(reorderPoint: Quantity(150), safetyStock: Quantity(40), orderUpTo: Quantity(300))
            try await world.fallBack(proposing: .policy(levels))
            // 7 more a week, over ten days of lead time, one of review and today: 12 more.
            try await world.land(weekly: 77)
            guard case .setInventoryPolicy(let change) = try await world.decision().action else {
                Issue.record("no policy was decided")
                return
            }
            #expect(change.levels.reorderPoint == Quantity(162) && change.levels.orderUpTo == Quantity(312))
        }
    }
}

extension Decision {
    fileprivate var quantity: Quantity? {
        get throws {
            guard case .createPurchaseProposal(let purchase) = action else { return nil }
            return try purchase.quantity
        }
    }
}

extension FlowWorld {
    fileprivate static let cycle: ID<ForecastCycle> = "network-1"

    private func forecast(_ source: ID<ExternalSystem>, weekly: Double, provisional: Bool) -> Forecast {
        Forecast(
            item: "bolt", location: "east", source: source, cycle: Self.cycle, version: 7, method: "given", start: Self.today,
            periodDays: 7, mean: Array(repeating: weekly, count: 8), isProvisional: provisional)
    }

    /// The built-in engine answers for a late platform, and what it recommends is decided.
    fileprivate func fallBack(quantity: Int = 140, proposing proposal: Proposal? = nil) async throws {
        try await put([forecast("plimsoll", weekly: 70, provisional: true)])
        try await accept(
            Recommendation(
                id: "r1", source: "plimsoll", cycle: Self.cycle, item: "bolt", location: "east",
                proposal: proposal
                    ?? .replenishment(
                        .init(quantity: Quantity(quantity), unit: .piece, neededBy: Self.today.adding(days: 12))),
                assumptions: Assumptions(
                    onHand: Quantity(60), allocated: .zero, onOrder: .zero, inTransit: .zero, forecastVersion: 7),
                isProvisional: true, madeAt: clock.now))
    }

    /// The platform's own forecast comes after all.
    fileprivate func land(weekly: Double) async throws {
        clock.advance(by: .seconds(600))
        try await put([forecast("forecastCloud", weekly: weekly, provisional: false)])
        clock.advance(by: .seconds(5))
        try await Housekeeping(services).run()
        try await DecisionStage(services).run()
    }

    fileprivate func auditKinds() async throws -> [String] {
        try await Explainer(services).explain("r1").audit.map(\.kind)
    }
}
