/// The mean of the whole history, for every period ahead: the answer for short and for steady histories.
///
/// Its error has two parts: the demand's own variance, and that of the mean itself, `s^2 / n`, which all periods share.
public struct HistoricalMean: ForecastingMethod {
    public let name = "historicalMean"

    public init() {}

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let mean = history.mean
        let count = Double(history.count)
        let squares = history.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        // One value says nothing of its spread: half of it, the border between class X and Y of XYZ, is assumed.
        let variance = history.count > 1 ? squares / (count - 1) : 0.25 * mean * mean
        let spread = ForecastSpread(
            deviation: variance.squareRoot(), levelVariance: variance / count, shape: .matched(grain: history.grain))
        return SeriesForecast(
            method: name, mean: Array(repeating: mean, count: request.horizon), spread: spread, levels: request.levels,
            residualDeviation: variance.squareRoot(),
            explanation: ForecastExplanation(
                reason: "The mean of all \(history.count) periods.", parameters: [.init("mean", mean)],
                notes: history.count > 1
                    ? [] : ["One period says nothing of spread: a coefficient of variation of 0.5 is assumed."]))
    }
}

/// The last demand again: the answer where only the latest value counts.
public struct Naive: ForecastingMethod {
    public let name = "naive"

    public init() {}

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        guard history.count >= 2 else { throw .historyTooShort(method: name, needs: 2, has: history.count) }
        return SeasonalNaive.repeating(history, season: 1, request, method: name, reason: "The last demand again.")
    }
}

/// The demand of the same period one season ago.
///
/// Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., 5.2 and 5.5: residual variance is the mean
/// square of the seasonal differences, and the variance of period h grows with every season ahead.
public struct SeasonalNaive: ForecastingMethod {
    public let name = "seasonalNaive"

    public init() {}

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let needs = history.season + 1
        guard history.count >= needs else { throw .historyTooShort(method: name, needs: needs, has: history.count) }
        return Self.repeating(history, season: history.season, request, method: name, reason: "The same period one season ago.")
    }

    static func repeating(
        _ history: DemandSeries, season: Int, _ request: ForecastRequest, method: String, reason: String
    ) -> SeriesForecast {
        let values = history.values
        let differences = zip(values.dropFirst(season), values).map { $0 - $1 }
        let deviation = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
        let last = values.suffix(season)
        let weights = (1..<max(2, request.horizon)).map { $0 % season == 0 ? 1.0 : 0 }
        return SeriesForecast(
            method: method, mean: (0..<request.horizon).map { last[last.startIndex + $0 % season] },
            spread: ForecastSpread(deviation: deviation, weights: weights, shape: .matched(grain: history.grain)),
            levels: request.levels, residualDeviation: deviation,
            explanation: ForecastExplanation(reason: reason, parameters: [.init("season", Double(season))]))
    }
}

/// Nothing was ever asked for, so nothing is expected. Zero stock is the honest answer; a planner who knows better overrides it.
struct NoDemand {
    static func forecast(_ request: ForecastRequest, periods: Int) -> SeriesForecast {
        SeriesForecast(
            method: "noDemand", mean: Array(repeating: 0, count: request.horizon), spread: ForecastSpread(deviation: 0),
            levels: request.levels, residualDeviation: 0,
            explanation: ForecastExplanation(reason: "Nothing was asked for in \(periods) periods."))
    }
}
