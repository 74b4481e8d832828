/// Measures of a forecast against what then happened. All are nil where their denominator is zero or the series differ in length.
///
/// Sources: Hyndman & Koehler (2006), Int. J. Forecasting 22(4) for MASE; Makridakis et al. (2022), M5, for RMSSE.
public enum PointAccuracy {
    /// `sum |y - f| / sum y`.
    public static func wape(actual: [Double], forecast: [Double]) -> Double? {
        ratio(sum(actual, forecast) { abs($0 - $1) }, actual.reduce(0, +))
    }

    /// `sum (f - y) / sum y`; positive when too much was forecast.
    public static func bias(actual: [Double], forecast: [Double]) -> Double? {
        ratio(sum(actual, forecast) { $1 - $0 }, actual.reduce(0, +))
    }

    /// `sum (f - y)` over the mean absolute error; beyond 4 either way a forecast is off on one side.
    public static func trackingSignal(actual: [Double], forecast: [Double]) -> Double? {
        guard let absolute = sum(actual, forecast, { abs($0 - $1) }), !actual.isEmpty else { return nil }
        return ratio(sum(actual, forecast) { $1 - $0 }, absolute / Double(actual.count))
    }

    /// Mean absolute error over that of the naive forecast of lag `season` within `history`.
    public static func mase(actual: [Double], forecast: [Double], history: [Double], season: Int = 1) -> Double? {
        guard let scale = lagged(history, season, abs), !actual.isEmpty else { return nil }
        return ratio(sum(actual, forecast) { abs($0 - $1) }.map { $0 / Double(actual.count) }, scale)
    }

    /// Root of the mean squared error over that of the naive forecast of lag `season` within `history`.
    public static func rmsse(actual: [Double], forecast: [Double], history: [Double], season: Int = 1) -> Double? {
        guard let scale = lagged(history, season, { $0 * $0 }), !actual.isEmpty else { return nil }
        let error = sum(actual, forecast) { ($0 - $1) * ($0 - $1) }.map { $0 / Double(actual.count) }
        return ratio(error, scale)?.squareRoot()
    }

    static func lagged(_ history: [Double], _ season: Int, _ measure: (Double) -> Double) -> Double? {
        guard season >= 1, history.count > season else { return nil }
        let total = zip(history.dropFirst(season), history).reduce(0) { $0 + measure($1.0 - $1.1) }
        return total / Double(history.count - season)
    }

    private static func sum(_ actual: [Double], _ forecast: [Double], _ term: (Double, Double) -> Double) -> Double? {
        guard actual.count == forecast.count else { return nil }
        return zip(actual, forecast).reduce(0) { $0 + term($1.0, $1.1) }
    }

    static func ratio(_ part: Double?, _ whole: Double) -> Double? {
        guard let part, whole > 0 else { return nil }
        return part / whole
    }
}
