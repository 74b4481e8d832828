/// How the errors of a forecast grow and hang together over the periods ahead.
///
/// The error of period `h` is `e_h + c_1 e_(h-1) + ... + c_(h-1) e_1 + u`: independent one-step errors `e` that live on through
/// the weights `c`, and one error `u` of the level itself that all periods share. Sums over several periods follow exactly,
/// covariances included. Source: Hyndman, Koehler, Ord, Snyder (2008), "Forecasting with Exponential Smoothing", chapter 6 (class
/// 1).
public struct ForecastSpread: Sendable, Hashable {
    /// Standard deviation of the one-step error `e`, units.
    public let deviation: Double
    /// `c_1, c_2, ...`; missing ones are 0.
    public let weights: [Double]
    /// Variance of the shared error `u`, units squared.
    public let levelVariance: Double
    /// What the error of each period ahead is multiplied by, after all; missing ones are 1.
    public let scales: [Double]
    public let shape: DemandDistribution.Shape

    public init(
        deviation: Double, weights: [Double] = [], levelVariance: Double = 0, scales: [Double] = [],
        shape: DemandDistribution.Shape = .matched(grain: 0)
    ) {
        self.deviation = deviation
        self.weights = weights
        self.levelVariance = levelVariance
        self.scales = scales
        self.shape = shape
    }

    private func weight(_ lag: Int) -> Double { lag == 0 ? 1 : lag <= weights.count ? weights[lag - 1] : 0 }

    private func scale(_ period: Int) -> Double { period < scales.count ? scales[period] : 1 }

    /// Variance of the error of each of the next `horizon` periods, units squared.
    public func variances(horizon: Int) -> [Double] {
        var sum = 0.0
        return (0..<horizon).map { lag in
            sum += weight(lag) * weight(lag)
            return (deviation * deviation * sum + levelVariance) * scale(lag) * scale(lag)
        }
    }

    /// Variance of the error of the demand summed over some of the periods ahead, units squared.
    ///
    /// - Parameter periods: 0 is the next one; never negative.
    public func sumVariance(over periods: Range<Int>) -> Double {
        guard scales.isEmpty else { return scaledVariance(over: periods) }
        // What one error does to the sum is the run of weights between its own period and the last one summed.
        var running = 0.0
        let effects =
            [0.0]
            + (0..<max(0, periods.upperBound)).map { lag in
                running += weight(lag)
                return running
            }
        var sum = 0.0
        for period in 0..<max(0, periods.upperBound) {
            let effect = effects[periods.upperBound - period] - effects[max(0, periods.lowerBound - period)]
            sum += effect * effect
        }
        let length = Double(periods.count)
        return deviation * deviation * sum + length * length * levelVariance
    }

    /// The same where the errors of the periods are scaled: what one error does is then added up period by period.
    private func scaledVariance(over periods: Range<Int>) -> Double {
        let asked = max(0, periods.lowerBound)..<max(0, periods.upperBound)
        var sum = 0.0
        for origin in 0..<asked.upperBound {
            let effect = asked.reduce(0) { $0 + ($1 >= origin ? scale($1) * weight($1 - origin) : 0) }
            sum += effect * effect
        }
        let shared = asked.reduce(0) { $0 + scale($1) }
        return deviation * deviation * sum + shared * shared * levelVariance
    }
}
