/// A way to forecast demand from its history: numbers in, numbers out, the same answer every time.
///
/// The seam that a larger engine fills: it conforms once and every caller, and every candidate list, takes it as it is.
public protocol ForecastingMethod: Sendable {
    /// Names the method in stored forecasts and explanations; lowerCamelCase, stable.
    var name: String { get }

    /// - Throws: `.historyTooShort` when this method has nothing to say about so few periods; never for any other valid series.
    func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast

    /// Many series at once, in order. A method that learns across series or fits several in one pass does it here.
    func forecast(_ histories: [DemandSeries], _ request: ForecastRequest) -> [Result<SeriesForecast, ForecastError>]
}

extension ForecastingMethod {
    public func forecast(_ histories: [DemandSeries], _ request: ForecastRequest) -> [Result<SeriesForecast, ForecastError>] {
        histories.map { history in
            Result { () throws(ForecastError) -> SeriesForecast in try forecast(history, request) }
        }
    }
}
