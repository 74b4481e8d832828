import CanonicalModel
import Governance
import Vocabulary

/// How much more demand the real forecast expects over some days than the fallback that a recommendation was made on.
struct ForecastChange {
    /// In stocking units; negative when the real one expects less.
    let difference: Double
    let finding: CheckFinding

    /// - Returns: nil when the recommendation stands on the forecast that counts, or nobody can say on which.
    init?(_ facts: DecisionFacts, until end: BusinessDate) {
        guard let assumed = facts.assumedForecast, let real = facts.position.forecast, !real.isProvisional else { return nil }
        let (then, now) = (assumed.demand(from: facts.today, until: end), real.demand(from: facts.today, until: end))
        difference = now - then
        let share = abs(difference) / max(then, 1) * 100
        finding = CheckFinding(
            "forecast", share > 1 ? .adjusted : .passed,
            "\(real.source) expects a demand of \(rounded(now)) until \(end); the fallback that this stands on expected "
                + "\(rounded(then)).")
    }

    /// What becomes of an amount that was to cover the fallback's demand; whole pieces are rounded up.
    func applied(to amount: Quantity, of unit: UnitCode) throws(Fault) -> Quantity {
        guard difference != 0 else { return amount }
        let shifted = max(0, amount.double + difference)
        return try Quantity(rounding: unit == .piece ? shifted.rounded(.up) : shifted)
    }

    func applied(to levels: PolicyLevels, of unit: UnitCode) throws(Fault) -> PolicyLevels {
        let reorderPoint = try applied(to: levels.reorderPoint, of: unit)
        return PolicyLevels(
            reorderPoint: reorderPoint, safetyStock: min(levels.safetyStock, reorderPoint),
            orderUpTo: max(reorderPoint, try applied(to: levels.orderUpTo, of: unit)), orderQuantity: levels.orderQuantity)
    }
}

extension Forecast {
    /// The mean demand of some days, both ends in it; days before or after the forecast are like its first or last period.
    func demand(from first: BusinessDate, until last: BusinessDate) -> Double {
        guard !mean.isEmpty, last >= first else { return 0 }
        return (0...last.days(since: first)).reduce(0) { sum, offset in
            let period = max(0, first.adding(days: offset).days(since: start)) / periodDays
            return sum + mean[min(period, mean.count - 1)] / Double(periodDays)
        }
    }

    /// Whether it takes the place of the fallback that a recommendation was made on.
    func replacesFallback(of recommendation: Recommendation) -> Bool {
        guard !isProvisional else { return false }
        return source != recommendation.source || version > recommendation.assumptions.forecastVersion ?? .max
    }
}

extension Recommendation {
    /// Where the latest forecast of the recommendation's own source is.
    var sourceForecast: ID<Forecast> { .joining(item.rawValue, location.rawValue, source.rawValue) }
}

extension DecisionFacts {
    /// Whether a decision on these facts is to be made again when the real forecast lands.
    func areProvisional(for recommendation: Recommendation) -> Bool {
        if position.forecast?.isProvisional == true { return true }
        return recommendation.isProvisional && position.forecast?.replacesFallback(of: recommendation) != true
    }
}
