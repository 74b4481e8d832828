/// The units per period that a method for intermittent items arrived at, and how far single periods came to lie from it.
struct FollowedRate {
    /// Units per period, `>= 0`.
    let rate: Double
    /// Mean of the squared one-step errors, units squared.
    let meanSquare: Double
    /// Weight of the newest period in the level, or what comes nearest to it.
    let smoothing: Double

    /// The same rate for every period ahead, counts around it in steps of the item's grain.
    func forecast(
        _ method: String, _ history: DemandSeries, _ request: ForecastRequest, _ explanation: ForecastExplanation
    ) -> SeriesForecast {
        guard rate > 0 else { return NoDemand.forecast(request, periods: history.count) }
        // A smoothed level wanders by smoothing / (2 - smoothing) of the variance around the level it follows; all periods share
        // that error.
        return SeriesForecast(
            method: method, mean: [Double](repeating: rate, count: request.horizon),
            spread: ForecastSpread(
                deviation: meanSquare.squareRoot(), levelVariance: meanSquare * smoothing / (2 - smoothing),
                shape: .counts(grain: history.grain)),
            levels: request.levels, residualDeviation: meanSquare.squareRoot(), explanation: explanation)
    }

    /// One pass of simple exponential smoothing that begins at the first value.
    static func smoothed(_ values: [Double], _ smoothing: Double) -> FollowedRate {
        guard var level = values.first else { return FollowedRate(rate: 0, meanSquare: 0, smoothing: smoothing) }
        var squares = 0.0
        for value in values.dropFirst() {
            let error = value - level
            squares += error * error
            level += smoothing * error
        }
        // A single period leaves no error to measure: counts vary like Poisson.
        let meanSquare = values.count > 1 ? squares / Double(values.count - 1) : level
        return FollowedRate(rate: level, meanSquare: meanSquare, smoothing: smoothing)
    }
}
