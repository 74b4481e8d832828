/// The sums that every accuracy figure is made of, so that figures of groups follow from those of their members.
///
/// A ratio of sums, never a mean of ratios: an item that sells one a year does not outweigh one that sells a thousand. The scaled
/// figures are the mean over series of each series' own, as in M5, because units of different items do not add up.
public struct AccuracySums: Sendable, Hashable, Codable {
    public private(set) var periods = 0
    public private(set) var series = 0
    /// Units.
    public private(set) var actual = 0.0
    public private(set) var forecast = 0.0
    public private(set) var absoluteError = 0.0

    private var mase = Mean()
    private var rmsse = Mean()
    private var pinball = Mean()
    /// Periods in which no more was asked for than the quantile, of those with a quantile.
    private var covered = Mean()

    private struct Mean: Sendable, Hashable, Codable {
        var sum = 0.0
        var count = 0.0

        var value: Double? { count > 0 ? sum / count : nil }

        mutating func add(_ value: Double?, times: Double = 1) {
            guard let value, value.isFinite else { return }
            sum += value * times
            count += times
        }

        mutating func add(_ other: Mean) {
            sum += other.sum
            count += other.count
        }
    }

    public init() {}

    /// One series' forecast against what then happened.
    ///
    /// - Parameters:
    ///   - actual, forecast: shape `[periods]`, units.
    ///   - history: what was known then; without it the scaled figures leave this series out.
    ///   - quantiles: shape `[levels][periods]`, with `levels`; the coverage is that of the highest level.
    /// - Throws: `PolicyError` when shapes differ or a figure is not finite.
    public init(
        actual: [Double], forecast: [Double], history: [Double] = [], season: Int = 1, quantiles: [[Double]] = [],
        levels: [Double] = []
    ) throws(PolicyError) {
        guard actual.count == forecast.count else {
            throw PolicyError(
                field: "forecast", value: Double(forecast.count), expected: "\(actual.count) periods, as the actual")
        }
        guard quantiles.count == levels.count, quantiles.allSatisfy({ $0.count == actual.count }) else {
            throw PolicyError(
                field: "quantiles", value: Double(quantiles.count), expected: "a row of \(actual.count) for each level")
        }
        for (period, (value, expected)) in zip(actual, forecast).enumerated() {
            try PolicyError.require("actual[\(period)]", value, atLeast: -Double.greatestFiniteMagnitude)
            try PolicyError.require("forecast[\(period)]", expected, atLeast: -Double.greatestFiniteMagnitude)
            self.actual += value
            self.forecast += expected
            absoluteError += abs(value - expected)
        }
        periods = actual.count
        series = actual.isEmpty ? 0 : 1
        mase.add(PointAccuracy.mase(actual: actual, forecast: forecast, history: history, season: season))
        rmsse.add(PointAccuracy.rmsse(actual: actual, forecast: forecast, history: history, season: season))
        pinball.add(QuantileAccuracy.scaledPinball(actual: actual, quantiles: quantiles, levels: levels, history: history))
        if let highest = levels.indices.max(by: { levels[$0] < levels[$1] }) {
            covered.add(
                QuantileAccuracy.coverage(actual: actual, quantile: quantiles[highest]), times: Double(actual.count))
        }
    }

    public static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.periods += right.periods
        sum.series += right.series
        sum.actual += right.actual
        sum.forecast += right.forecast
        sum.absoluteError += right.absoluteError
        sum.mase.add(right.mase)
        sum.rmsse.add(right.rmsse)
        sum.pinball.add(right.pinball)
        sum.covered.add(right.covered)
        return sum
    }

    /// `sum |y - f| / sum y`.
    public var wape: Double? { PointAccuracy.ratio(absoluteError, actual) }
    /// `sum (f - y) / sum y`; positive when too much was forecast.
    public var bias: Double? { PointAccuracy.ratio(forecast - actual, actual) }
    /// `sum (f - y)` over the mean absolute error.
    public var trackingSignal: Double? { PointAccuracy.ratio(forecast - actual, absoluteError / Double(max(1, periods))) }
    public var meanMASE: Double? { mase.value }
    public var meanRMSSE: Double? { rmsse.value }
    public var meanScaledPinball: Double? { pinball.value }
    public var coverage: Double? { covered.value }
}
