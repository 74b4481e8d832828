import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// Goods that a position lacks, and from where a plan over the network has them.
struct GoodsNeed: Sendable {
    /// In stocking units.
    var quantity: Quantity
    let neededBy: BusinessDate
    /// What is there and comes in time.
    let cover: Cover
    /// Nil where nothing is planned over the network, or no single source is given.
    var plan: PlannedSource?
}

/// Puts together what the built-in engine recommends for one position on its forecast: new levels, goods, both or neither.
struct RecommendationMaker: Sendable {
    let facts: DecisionFacts
    let advice: PolicyAdvice
    let series: SeriesForecast
    let forecast: Forecast
    let cycle: CycleRow
    let now: Instant

    var position: PositionKey { PositionKey(item: place.item.id, location: place.location.id) }
    private var place: PositionFacts { facts.position }

    /// Nothing when no figure changes by more than the plan's least change: nervous policies help nobody.
    func policy() -> Recommendation? {
        if let levels = place.policy?.levels {
            // Not the safety stock: it is part of the reorder point, and some ERPs have no field for it.
            let changes = [(levels.reorderPoint, advice.levels.reorderPoint), (levels.orderUpTo, advice.levels.orderUpTo)]
            let largest = changes.map { abs($1.double - $0.double) / max($0.double, 1) * 100 }.max() ?? 0
            guard largest > cycle.plan.leastChangePercent else { return nil }
        }
        return recommendation(
            "policy", .policy(advice.levels),
            Assumptions(
                leadTimeDays: shortestLeadTime(place, facts.today), stockingUnit: place.item.stockingUnit,
                reorderPoint: place.policy?.levels.reorderPoint, forecastVersion: forecast.version, asOf: now))
    }

    /// Goods when the position, with all that comes in time, is at the reorder point.
    func need() throws -> GoodsNeed? {
        guard place.balance != nil else { return nil }
        let neededBy = try self.neededBy()
        let cover = try Cover(facts, until: riskWindowEnd(place, neededBy: neededBy, today: facts.today))
        let stock = try cover.position
        let trigger = place.policy?.trigger ?? .atOrBelow
        guard trigger == .atOrBelow ? stock <= advice.levels.reorderPoint : stock < advice.levels.reorderPoint else { return nil }
        let quantity = try advice.levels.orderUpTo - stock
        return quantity.isPositive ? GoodsNeed(quantity: quantity, neededBy: neededBy, cover: cover, plan: nil) : nil
    }

    func goods(_ need: GoodsNeed) throws -> Recommendation {
        let cover = need.cover
        let coming = try Quantity.sum([cover.due, cover.late, cover.undated, cover.pending])
        return recommendation(
            "goods",
            .replenishment(
                .init(
                    quantity: need.quantity, unit: place.item.stockingUnit, neededBy: need.neededBy, plan: need.plan)),
            Assumptions(
                onHand: cover.onHand, allocated: cover.allocated, onOrder: coming, inTransit: .zero,
                leadTimeDays: shortestLeadTime(place, facts.today), stockingUnit: place.item.stockingUnit,
                reorderPoint: place.policy?.levels.reorderPoint, forecastVersion: forecast.version, asOf: now))
    }

    /// The first day on which the stock is expected below its safety stock, at most the lead time away.
    private func neededBy() throws -> BusinessDate {
        let days = max(1, Int(advice.leadTimeDays.rounded(.up)))
        let onHand = (place.balance?.balance.onHand.double ?? 0) - (place.balance?.balance.allocated.double ?? 0)
        var receipts: [DatedReceipt] = []
        for line in place.supply {
            receipts.append(
                DatedReceipt(
                    period: max(0, (line.expectedOn ?? facts.today).days(since: facts.today)), quantity: try line.open.double))
        }
        // What we asked for ourselves comes too, though no feed shows it yet.
        for supply in facts.pending {
            receipts.append(
                DatedReceipt(period: max(0, supply.dueOn.days(since: facts.today)), quantity: supply.quantity.double))
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
            id: .joining(cycle.id.rawValue, kind, place.item.id.rawValue, place.location.id.rawValue),
            source: forecast.source,
            cycle: cycle.id, item: place.item.id, location: place.location.id, proposal: proposal,
            confidence: nil, assumptions: assumptions, isProvisional: forecast.isProvisional, madeAt: now,
            reason: advice.explanation)
    }
}
