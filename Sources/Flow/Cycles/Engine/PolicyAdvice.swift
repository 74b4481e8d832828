import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// What the built-in engine would set for one position, and why.
struct PolicyAdvice {
    let levels: PolicyLevels
    let explanation: String
    let leadTimeDays: Double

    /// - Returns: nil when nobody can say how long replenishment takes: without a lead time there is no reorder point.
    init?(_ facts: DecisionFacts, _ forecast: SeriesForecast, plan: CyclePlan, _ book: LeadTimeBook) throws {
        let position = facts.position
        guard let supply = try SupplyTime(facts, book) else { return nil }
        let leadTime = supply.leadTime
        let policy = position.policy
        let target = ServiceTarget(
            policy?.serviceTarget ?? plan.serviceTarget, policy?.serviceTargetType ?? plan.serviceTargetType)
        let reviewDays = Double(policy?.reviewDays ?? 1)
        let periods = min(Double(forecast.horizon), max(1, (leadTime.mean + reviewDays) / Double(plan.periodDays)))
        let demand = try DemandRate(forecast, overNext: periods, daysPerPeriod: Double(plan.periodDays))
        let quantity = try Self.orderQuantity(demand, facts)
        let level = try Self.reorderPoint(demand, leadTime, target, reviewDays, quantity, forecast)
        let wholeUnits = position.item.stockingUnit == .piece
        func stock(_ amount: Double) throws(Fault) -> Quantity {
            try Quantity(rounding: wholeUnits ? max(0, amount).rounded(.up) : max(0, amount))
        }
        let reorderPoint = try stock(level.point)
        levels = PolicyLevels(
            reorderPoint: reorderPoint, safetyStock: min(reorderPoint, try stock(level.safety)),
            orderUpTo: try reorderPoint + stock(max(quantity, wholeUnits ? 1 : 0)), orderQuantity: policy?.levels.orderQuantity)
        leadTimeDays = leadTime.mean
        explanation =
            "\(forecast.method): \(round(demand.mean * 7)) a week, lead time \(round(leadTime.mean)) ± "
            + "\(round(leadTime.deviation)) days (\(supply.basis)), "
            + "\(target.level * 100) % \(target.isFillRate ? "fill rate" : "cycle service")."
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

    private static func reorderPoint(
        _ demand: DemandRate, _ leadTime: LeadTime, _ target: ServiceTarget, _ reviewDays: Double, _ quantity: Double,
        _ forecast: SeriesForecast
    ) throws -> (point: Double, safety: Double) {
        if forecast.explanation.demandClass?.isIntermittent == true {
            let window = RiskWindow(demand, leadTime).distribution(shape: forecast.spread.shape)
            let level = try DiscreteReorderPoint(
                window, target: target, orderQuantity: quantity, undershoot: demand.undershoot(reviewDays: reviewDays))
            return (level.level, max(0, level.safetyStock))
        }
        let policy = StockPolicy(demand: demand, leadTime: leadTime, target: target, reviewDays: reviewDays)
        let level = try policy.reorderPoint(orderQuantity: quantity)
        return (level.level, max(0, level.safetyStock))
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
