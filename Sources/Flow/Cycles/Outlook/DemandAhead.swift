import CanonicalModel
import Planning
import Vocabulary

/// What a stored forecast still says from some day on: periods that are over are left out, the running one counts with its rest.
struct DemandAhead {
    let forecast: Forecast
    /// The first period that is not over yet.
    let first: Int
    /// The share of that period which is still to come, `0 < share <= 1`.
    let share: Double
    private let spread: ForecastSpread

    /// - Returns: nil when the forecast ends before `day`.
    init?(_ forecast: Forecast, from day: BusinessDate, _ item: Item) {
        let offset = max(0, day.days(since: forecast.start))
        let first = offset / forecast.periodDays
        guard first < forecast.mean.count else { return nil }
        self.forecast = forecast
        self.first = first
        share = Double(forecast.periodDays - offset % forecast.periodDays) / Double(forecast.periodDays)
        let deviations = (first..<forecast.mean.count).map { Self.deviation(of: $0, forecast) }
        spread = ForecastSpread(periods: deviations, shape: .matched(grain: item.stockingUnit == .piece ? 1 : 0))
    }

    /// From the quantiles where there are two or more, else what the source says of one period.
    private static func deviation(of period: Int, _ forecast: Forecast) -> Double {
        let known = try? QuantileDemand(levels: forecast.levels, values: forecast.quantiles.map { $0[period] })
        return known?.standardDeviation ?? forecast.deviation ?? 0
    }

    /// Expected units in each period ahead, shape `[periods]`.
    var means: [Double] {
        forecast.mean[first...].enumerated().map { $0.offset == 0 ? $0.element * share : $0.element }
    }

    /// The demand from today until the end of the first, second, ... period ahead.
    var cumulative: [DemandDistribution] {
        var total = 0.0
        let before = (1 - share) * spread.sumVariance(over: 0..<1)
        return means.enumerated().map { period, mean in
            total += mean
            let variance = spread.sumVariance(over: 0..<period + 1) - before
            return DemandDistribution(mean: total, variance: variance, shape: spread.shape)
        }
    }

    /// The last day of a period ahead.
    func end(of period: Int) -> BusinessDate {
        forecast.start.adding(days: (first + period + 1) * forecast.periodDays - 1)
    }

    /// The period ahead in which `day` lies; past the last one for a day after the forecast's end.
    func period(of day: BusinessDate) -> Int {
        max(0, day.days(since: forecast.start) / forecast.periodDays - first)
    }
}
