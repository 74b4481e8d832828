import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// What the built-in engine would set for one position, and why.
struct PolicyAdvice: Sendable {
    let levels: PolicyLevels
    let explanation: String
    let leadTimeDays: Double

    /// - Throws: `input.invalid` when nobody can say how long replenishment takes: without a lead time there is no reorder point.
    init(_ facts: DecisionFacts, _ forecast: SeriesForecast, plan: CyclePlan, _ book: LeadTimeBook) throws {
        guard let supply = try SupplyTime(facts, book) else {
            throw Fault.invalid(
                "sourcing", found: nil, expected: "a supplier or a lane, without which nobody knows how long goods take")
        }
        let position = facts.position
        let policy = position.policy
        let target = ServiceTarget(
            policy?.serviceTarget ?? plan.serviceTarget, policy?.serviceTargetType ?? plan.serviceTargetType)
        let leadTime = supply.leadTime
        let daysPerPeriod = Double(plan.periodDays)
        let reviewDays = Double(policy?.reviewDays ?? 1)
        let periods = min(Double(forecast.horizon), max(1, (leadTime.mean + reviewDays) / daysPerPeriod))
        let demand = try DemandRate(forecast, overNext: periods, daysPerPeriod: daysPerPeriod)
        let quantity = try Self.orderQuantity(demand, facts)
        let level = try ReorderLevel(
            WindowDemand(forecast, leadTime: leadTime, daysPerPeriod: daysPerPeriod), target: target, orderQuantity: quantity,
            undershoot: demand.undershoot(reviewDays: reviewDays))
        let wholeUnits = position.item.stockingUnit == .piece
        func stock(_ amount: Double) throws(Fault) -> Quantity {
            try Quantity(rounding: wholeUnits ? max(0, amount).rounded(.up) : max(0, amount))
        }
        let reorderPoint = try stock(level.level)
        levels = PolicyLevels(
            reorderPoint: reorderPoint, safetyStock: min(reorderPoint, try stock(level.safetyStock)),
            orderUpTo: try reorderPoint + stock(max(quantity, wholeUnits ? 1 : 0)), orderQuantity: policy?.levels.orderQuantity)
        leadTimeDays = leadTime.mean
        let rule = level.summedPeriods.map { "quantiles of \($0 * plan.periodDays) days' demand" } ?? "mean and deviation"
        explanation =
            "\(forecast.method): \(round(demand.mean * 7)) a week, lead time \(round(leadTime.mean)) ± "
            + "\(round(leadTime.deviation)) days (\(supply.basis)), "
            + "\(target.level * 100) % \(target.isFillRate ? "fill rate" : "cycle service") by \(rule)"
            + (level.isDiscrete ? ", whole units." : ".")
            + (supply.doubts + forecast.explanation.notes).map { " " + $0 }.joined()
    }

    /// The economic quantity, at least what the best supplier sells and a week's demand.
    private static func orderQuantity(_ demand: DemandRate, _ facts: DecisionFacts) throws -> Double {
        let item = facts.position.item
        var quantity = max(demand.mean * 7, 1)
        if let sourcing = facts.position.sourcings.first?.sourcing, let factor = try? item.factor(of: sourcing.unit) {
            quantity = max(quantity, sourcing.minimumQuantity.double * factor.double, sourcing.multiple.double * factor.double)
        }
        if let cost = item.unitCost?.double, cost > 0, facts.rates.holdingRate > 0, demand.mean > 0 {
            let economic = try EconomicOrderQuantity(
                annualDemand: demand.mean * 365, costPerOrder: facts.rates.orderCost, holdingCost: cost * facts.rates.holdingRate)
            quantity = max(quantity, min(economic.quantity, demand.mean * 90))
        }
        return quantity
    }
}

extension ServiceTarget {
    init(_ share: Double, _ type: ServiceTargetType) {
        switch type {
        case .cycleService: self = .cycleService(share)
        case .fillRate: self = .fillRate(share)
        }
    }

    var isFillRate: Bool {
        if case .fillRate = self { true } else { false }
    }
}

private func round(_ number: Double) -> Double { (number * 10).rounded() / 10 }
