import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// What the built-in engine recommends for one position on its forecast: new levels, goods, both or neither.
func recommendations(
    for facts: DecisionFacts, _ forecast: SeriesForecast, stored: Forecast, cycle: CycleRow, _ book: LeadTimeBook, at now: Instant
) throws -> [Recommendation] {
    guard let advice = try PolicyAdvice(facts, forecast, plan: cycle.plan, book) else {
        throw Fault.invalid(
            "sourcing", found: nil, expected: "a supplier or a lane, without which nobody knows how long goods take")
    }
    let maker = RecommendationMaker(facts: facts, advice: advice, forecast: stored, cycle: cycle, now: now)
    return [maker.policy(), try maker.goods(forecast)].compactMap(\.self)
}

private struct RecommendationMaker {
    let facts: DecisionFacts
    let advice: PolicyAdvice
    let forecast: Forecast
    let cycle: CycleRow
    let now: Instant

    private var position: PositionFacts { facts.position }

    /// Nothing when no figure changes by more than the plan's least change: nervous policies help nobody.
    func policy() -> Recommendation? {
        if let levels = position.policy?.levels {
            // Not the safety stock: it is part of the reorder point, and some ERPs have no field for it.
            let changes = [(levels.reorderPoint, advice.levels.reorderPoint), (levels.orderUpTo, advice.levels.orderUpTo)]
            let largest = changes.map { abs($1.double - $0.double) / max($0.double, 1) * 100 }.max() ?? 0
            guard largest > cycle.plan.leastChangePercent else { return nil }
        }
        return recommendation(
            "policy", .policy(advice.levels),
            Assumptions(
                leadTimeDays: shortestLeadTime(position, facts.today), stockingUnit: position.item.stockingUnit,
                reorderPoint: position.policy?.levels.reorderPoint, forecastVersion: forecast.version, asOf: now))
    }

    /// Goods when the position, with all that comes in time, is at the reorder point.
    func goods(_ series: SeriesForecast) throws -> Recommendation? {
        guard position.balance != nil else { return nil }
        let neededBy = try self.neededBy(series)
        let cover = try Cover(facts, until: riskWindowEnd(position, neededBy: neededBy, today: facts.today))
        let stock = try cover.position
        let trigger = position.policy?.trigger ?? .atOrBelow
        guard trigger == .atOrBelow ? stock <= advice.levels.reorderPoint : stock < advice.levels.reorderPoint else { return nil }
        let quantity = try advice.levels.orderUpTo - stock
        guard quantity.isPositive else { return nil }
        let coming = try Quantity.sum([cover.due, cover.late, cover.undated, cover.pending])
        return recommendation(
            "goods", .replenishment(.init(quantity: quantity, unit: position.item.stockingUnit, neededBy: neededBy)),
            Assumptions(
                onHand: cover.onHand, allocated: cover.allocated, onOrder: coming, inTransit: .zero,
                leadTimeDays: shortestLeadTime(position, facts.today), stockingUnit: position.item.stockingUnit,
                reorderPoint: position.policy?.levels.reorderPoint, forecastVersion: forecast.version, asOf: now))
    }

    /// The first day on which the stock is expected below its safety stock, at most the lead time away.
    private func neededBy(_ series: SeriesForecast) throws -> BusinessDate {
        let days = max(1, Int(advice.leadTimeDays.rounded(.up)))
        let onHand = (position.balance?.balance.onHand.double ?? 0) - (position.balance?.balance.allocated.double ?? 0)
        var receipts: [DatedReceipt] = []
        for line in position.supply {
            receipts.append(
                DatedReceipt(
                    period: max(0, (line.expectedOn ?? facts.today).days(since: facts.today)), quantity: try line.open.double))
        }
        let daily = (0..<days).map { day in
            let period = min(day / cycle.plan.periodDays, series.horizon - 1)
            return series.mean[period] / Double(cycle.plan.periodDays)
        }
        let course = try ProjectedStock(
            onHand: onHand, receipts: receipts, demand: daily, safetyStock: advice.levels.safetyStock.double)
        return facts.today.adding(days: max(1, course.firstBelowSafetyStock ?? days))
    }

    private func recommendation(_ kind: String, _ proposal: Proposal, _ assumptions: Assumptions) -> Recommendation {
        Recommendation(
            id: .joining(cycle.id.rawValue, kind, position.item.id.rawValue, position.location.id.rawValue),
            source: forecast.source,
            cycle: cycle.id, item: position.item.id, location: position.location.id, proposal: proposal,
            confidence: nil, assumptions: assumptions, isProvisional: forecast.isProvisional, madeAt: now,
            reason: advice.explanation)
    }
}
