/// Chooses a method by what the demand looks like, so that every valid series gets an answer.
///
/// Nothing ever asked for: no demand. Fewer than five periods, or always the same amount: the mean. Intermittent or lumpy:
/// Croston-SBA, unless one smoothed level follows the demand clearly better.
/// Otherwise exponential smoothing, its form by AICc, against the seasonal naive where the season is too long to be smoothed
/// (decided on the last season, forecast again). The explanation says which and why.
public struct AutomaticMethod: ForecastingMethod {
    public let name = "automatic"
    private let croston: any ForecastingMethod
    private let level = ExponentialSmoothing(forms: [.simple])
    /// A smoothed level has one freedom more to fit the past, so it must be better by this much to be believed.
    private static let neededRatio = 0.95
    private let smoothing: any ForecastingMethod

    /// - Parameters: the methods for intermittent and for regular demand; a larger engine brings its own.
    public init(
        intermittent: any ForecastingMethod = CrostonSBA(), regular: any ForecastingMethod = ExponentialSmoothing()
    ) {
        croston = intermittent
        smoothing = regular
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let listed = history.sinceFirstDemand(keeping: max(8, min(history.season, 24)))
        guard let pattern = DemandPattern(listed) else { return NoDemand.forecast(request, periods: history.count) }
        var answer = try choose(listed, pattern, request)
        answer.explanation.demandClass = pattern.demandClass
        if listed.count < history.count {
            answer.explanation.notes.append(
                "\(history.count - listed.count) empty periods before the first demand were left out.")
        }
        return answer
    }

    private func choose(
        _ history: DemandSeries, _ pattern: DemandPattern, _ request: ForecastRequest
    ) throws(ForecastError) -> SeriesForecast {
        if history.count < 5 {
            return try HistoricalMean().forecast(
                history, request,
                because: history.count == 1 ? "Only one period is known" : "Only \(history.count) periods are known")
        }
        if history.values.allSatisfy({ $0 == history.values[0] }) {
            return try HistoricalMean().forecast(history, request, because: "Every period had the same demand")
        }
        if pattern.demandClass.isIntermittent { return try intermittent(history, request) }
        guard let smoothed = try? smoothing.forecast(history, request) else {
            return try HistoricalMean().forecast(history, request, because: "Too short a history for smoothing")
        }
        guard history.season > ExponentialSmoothing.longestSeason else { return smoothed }
        return try againstSeasonalNaive(smoothed, history, request)
    }

    /// Sizes and gaps apart, unless one smoothed level follows the demand better: that of an item whose popularity moves.
    private func intermittent(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        var answer = try croston.forecast(history, request)
        guard let level = try? level.forecast(history, request) else { return answer }
        let errors: [ForecastExplanation.Figure] = [
            .init("\(answer.method), one-step error", answer.residualDeviation),
            .init("\(level.method), one-step error", level.residualDeviation),
        ]
        if level.residualDeviation < Self.neededRatio * answer.residualDeviation { answer = level }
        answer.explanation.candidates += errors
        return answer
    }

    /// Forecasts the last season again, in up to six stretches of one horizon each, and takes the method that came nearer.
    private func againstSeasonalNaive(
        _ smoothed: SeriesForecast, _ history: DemandSeries, _ request: ForecastRequest
    ) throws(ForecastError) -> SeriesForecast {
        let stretch = min(request.horizon, history.season / 2)
        let origins = (1...min(6, history.season / stretch)).map { history.count - $0 * stretch }.filter {
            $0 >= history.season + 4
        }
        guard history.count >= 2 * history.season + 4, !origins.isEmpty else { return smoothed }
        let test = try ForecastRequest(horizon: stretch, levels: [])
        func error(_ method: any ForecastingMethod) -> Double {
            origins.reduce(0) { sum, origin in
                guard let forecast = try? method.forecast(history.prefix(origin), test) else { return .infinity }
                let actual = history.values[origin..<origin + stretch]
                return sum + zip(forecast.mean, actual).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(stretch * origins.count)
            }
        }
        let seasonal = SeasonalNaive()
        let errors = (smoothing: error(smoothing), seasonal: error(seasonal))
        var answer = errors.seasonal < errors.smoothing ? try seasonal.forecast(history, request) : smoothed
        let scores = [(smoothing.name, errors.smoothing), (seasonal.name, errors.seasonal)]
        let measure = "mean absolute error over \(origins.count) stretches of \(stretch) periods"
        answer.explanation.candidates += scores.map { .init("\($0.0), \(measure)", $0.1) }
        return answer
    }
}

extension HistoricalMean {
    fileprivate func forecast(
        _ history: DemandSeries, _ request: ForecastRequest, because reason: String
    ) throws(ForecastError) -> SeriesForecast {
        var answer = try forecast(history, request)
        answer.explanation.reason = "\(reason): \(answer.explanation.reason.lowercased())"
        return answer
    }
}
