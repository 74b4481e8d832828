import Vocabulary

/// A planner's figure for one leaf and some days, as its part of an override was shared out to it.
public struct LeafOverride: Sendable, Hashable {
    /// The first day, and the day after the last one.
    public let from: BusinessDate
    public let until: BusinessDate
    /// Units over all its days, more units over all its days, or a factor.
    public let figure: PlannerOverride.Figure
    public let madeAt: Instant

    public init(from: BusinessDate, until: BusinessDate, _ figure: PlannerOverride.Figure, madeAt: Instant) {
        self.from = from
        self.until = until
        self.figure = figure
        self.madeAt = madeAt
    }

    private var days: Int { until.days(since: from) }

    /// What a forecast becomes by a leaf's overrides, quantiles included.
    ///
    /// Of several for one day the later made holds. Within its days a figure goes by the statistical forecast, evenly where that
    /// is nothing; of days that are over, or beyond the forecast, their part of the units is left out.
    ///
    /// - Parameters:
    ///   - mean: the statistical forecast, units, shape `[periods]`.
    ///   - start: the first day of the first period.
    ///   - periodDays: `> 0`.
    /// - Returns: nil when no override reaches into the forecast.
    public static func adjustment(
        _ overrides: [LeafOverride], of mean: [Double], start: BusinessDate, periodDays: Int
    ) -> ForecastAdjustment? {
        var holding: [Int: Int] = [:]
        let ordered = overrides.sorted { $0.madeAt < $1.madeAt }
        for (place, override) in ordered.enumerated() {
            let first = max(0, override.from.days(since: start))
            let end = min(mean.count * periodDays, override.until.days(since: start))
            for day in first..<max(first, end) { holding[day] = place }
        }
        guard !holding.isEmpty else { return nil }
        let usual = { (day: Int) in mean[day / periodDays] / Double(periodDays) }
        let heldDays = Dictionary(grouping: holding.keys, by: { holding[$0] ?? 0 })
        var held = mean
        for (place, days) in heldDays {
            let override = ordered[place]
            let expected = days.reduce(0) { $0 + usual($1) }
            let share = Double(days.count) / Double(max(1, override.days))
            let wanted =
                switch override.figure {
                case .units(let units): units * share
                case .more(let units): max(0, expected + units * share)
                case .times(let factor): expected * factor
                }
            for day in days {
                let now = expected > 0 ? usual(day) * wanted / expected : wanted / Double(days.count)
                held[day / periodDays] += now - usual(day)
            }
        }
        return ForecastAdjustment(
            factors: zip(mean, held).map { $0 > 0 ? max(0, $1) / $0 : 1 },
            additions: zip(mean, held).map { $0 > 0 ? 0 : max(0, $1) })
    }
}
