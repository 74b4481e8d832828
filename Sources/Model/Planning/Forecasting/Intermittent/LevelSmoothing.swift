/// Forecasts intermittent demand by smoothing all periods alike, the empty ones too, with counts around the level.
///
/// The simplest rule, and on real spare parts hard to beat: a level that falls in every empty period notices the end of an item,
/// which Croston's does not.
///
/// Source: Brown (1959), "Statistical Forecasting for Inventory Control"; for intermittent demand Teunter & Duncan (2009),
/// "Forecasting intermittent demand: a comparative study", J. Oper. Res. Soc. 60(3). The level begins at the first period.
public struct LevelSmoothing: ForecastingMethod {
    public let name = "levelSmoothing"
    /// Weight of the newest period, candidates in (0, 1]; the one with the least squared one-step error is taken.
    public let smoothings: [Double]

    /// - Parameter smoothings: values outside (0, 1] are left out; 0.1 when none remains.
    public init(smoothings: [Double] = [0.02, 0.05, 0.1, 0.2, 0.3]) {
        let usable = smoothings.filter { $0 > 0 && $0 <= 1 }
        self.smoothings = usable.isEmpty ? [0.1] : usable
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let fits = smoothings.map { FollowedRate.smoothed(history.values, $0) }
        let fit = fits.min { $0.meanSquare < $1.meanSquare } ?? fits[0]
        return fit.forecast(
            name, history, request,
            ForecastExplanation(
                reason: "All periods are smoothed alike, the empty ones too.",
                parameters: [.init("smoothing", fit.smoothing), .init("level", fit.rate)],
                candidates: fits.map { .init("smoothing \($0.smoothing), one-step error", $0.meanSquare.squareRoot()) }))
    }
}
