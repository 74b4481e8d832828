/// The measures of the M competitions, by which forecasts of series that sell in every period are compared with published ones.
///
/// Source: Makridakis, Spiliotis, Assimakopoulos (2020), "The M4 Competition", Int. J. Forecasting 36(1).
public enum CompetitionAccuracy {
    /// Mean of `200 |y - f| / (|y| + |f|)`, 0 where both are 0; nil when the lengths differ or nothing is compared.
    public static func smape(actual: [Double], forecast: [Double]) -> Double? {
        guard actual.count == forecast.count, !actual.isEmpty else { return nil }
        let sum = zip(actual, forecast).reduce(0.0) { sum, pair in
            let size = abs(pair.0) + abs(pair.1)
            return sum + (size > 0 ? 200 * abs(pair.0 - pair.1) / size : 0)
        }
        return sum / Double(actual.count)
    }

    /// The benchmark of the competitions: the last demand, with its season taken out and put back where there is one.
    ///
    /// The season is classical multiplicative indices over a moving average, and is believed when the autocorrelation at its lag
    /// passes a test at 90 % and nothing is zero.
    ///
    /// - Parameter history: not empty.
    /// - Returns: shape `[horizon]`.
    public static func naive2(_ history: [Double], season: Int, horizon: Int) -> [Double] {
        guard let last = history.last else { return [Double](repeating: 0, count: horizon) }
        guard let indices = indices(history, season) else { return [Double](repeating: last, count: horizon) }
        let count = history.count
        let level = last / indices[(count - 1) % season]
        return (0..<horizon).map { level * indices[(count + $0) % season] }
    }

    private static func indices(_ history: [Double], _ season: Int) -> [Double]? {
        let count = history.count
        guard season > 1, count >= 3 * season, history.allSatisfy({ $0 > 0 }), isSeasonal(history, season) else { return nil }
        // An even season is centred by half a weight at either end.
        let half = season / 2
        var ratios = [(sum: Double, count: Int)](repeating: (0, 0), count: season)
        for middle in half..<(count - half) {
            var average = 0.0
            for offset in -half...half {
                let weight = season % 2 == 0 && abs(offset) == half ? 0.5 : 1
                average += weight * history[middle + offset]
            }
            ratios[middle % season].sum += history[middle] / (average / Double(season))
            ratios[middle % season].count += 1
        }
        guard ratios.allSatisfy({ $0.count > 0 }) else { return nil }
        let means = ratios.map { $0.sum / Double($0.count) }
        let average = means.reduce(0, +) / Double(season)
        return means.map { $0 / average }
    }

    private static func isSeasonal(_ history: [Double], _ season: Int) -> Bool {
        let mean = history.reduce(0, +) / Double(history.count)
        let away = history.map { $0 - mean }
        let whole = away.reduce(0) { $0 + $1 * $1 }
        guard whole > 0 else { return false }
        let correlations = (1...season).map { lag in
            zip(away.dropFirst(lag), away).reduce(0) { $0 + $1.0 * $1.1 } / whole
        }
        let squares = correlations.dropLast().reduce(0) { $0 + $1 * $1 }
        return abs(correlations[season - 1]) > 1.645 * ((1 + 2 * squares) / Double(history.count)).squareRoot()
    }
}
