import Planning
import Vocabulary

/// What is known of demand besides the demand itself: when there was stock, which events were and will be, and what is done about
/// it.
public struct KnownBesides: Sendable {
    public var preparation: DemandPreparation

    public var events: EventFile?

    public init(preparation: DemandPreparation = DemandPreparation(), events: EventFile? = nil) {
        self.preparation = preparation
        self.events = events
    }

    /// - Parameters:
    ///   - count: periods of the series that may be seen.
    ///   - horizon: periods ahead whose events are known.
    func prepared(
        _ series: DemandFile.Series, count: Int, season: Int, horizon: Int, _ frequency: Frequency
    ) throws(ForecastError) -> PreparedDemand {
        var available: [Double] = []
        if !series.available.isEmpty {
            available = [Double](repeating: 1, count: count)
            for (day, share) in series.available {
                if let period = frequency.periods(from: series.first, to: day), period < count { available[period] = share }
            }
        }
        let recorded = try RecordedDemand(
            count == series.values.count ? series.values : Array(series.values[..<count]), season: season, available: available,
            events: events?.events(of: series, count: count, horizon: horizon, frequency) ?? [])
        return preparation.prepared(recorded, horizon: horizon)
    }
}
