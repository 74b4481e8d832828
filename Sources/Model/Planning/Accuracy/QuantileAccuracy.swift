/// Measures of forecast quantiles against what then happened.
///
/// Source: M5 uncertainty competition, Makridakis et al. (2022), Int. J. Forecasting 38(4).
public enum QuantileAccuracy {
    /// What a quantile forecast costs when units short cost `level` and units too many `1 - level`.
    public static func pinball(actual: Double, quantile: Double, level: Double) -> Double {
        actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual)
    }

    /// Mean pinball loss over the mean absolute change from period to period in `history`.
    ///
    /// - Parameters:
    ///   - quantiles: shape `[levels][periods]`, as in `SeriesForecast`; the mean is taken over both.
    /// - Returns: nil when the shapes differ or the history never changes.
    public static func scaledPinball(actual: [Double], quantiles: [[Double]], levels: [Double], history: [Double]) -> Double? {
        guard let scale = PointAccuracy.lagged(history, 1, abs), !actual.isEmpty, !levels.isEmpty,
            quantiles.count == levels.count,
            quantiles.allSatisfy({ $0.count == actual.count })
        else { return nil }
        var total = 0.0
        for (row, level) in zip(quantiles, levels) {
            for (value, quantile) in zip(actual, row) { total += pinball(actual: value, quantile: quantile, level: level) }
        }
        return PointAccuracy.ratio(total / Double(levels.count * actual.count), scale)
    }

    /// Share of periods in which no more was asked for than the quantile; near the level when the quantiles are honest.
    public static func coverage(actual: [Double], quantile: [Double]) -> Double? {
        guard actual.count == quantile.count, !actual.isEmpty else { return nil }
        return Double(zip(actual, quantile).count { $0 <= $1 + 1e-9 }) / Double(actual.count)
    }
}
