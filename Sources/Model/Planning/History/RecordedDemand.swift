/// What was recorded of one item at one location, before anything is made of it.
///
/// Records are not demand: where there was no stock nobody could buy, a typing error is not a customer, and a promotion is not
/// the usual week. `DemandPreparation` makes of it the series that the methods learn from, and writes down what it changed.
public struct RecordedDemand: Sendable, Hashable {
    public let series: DemandSeries
    /// The share of each period in which there was stock, shape `[periods]`, 0 ... 1; empty when nobody knows, which counts as 1.
    public let available: [Double]
    public let events: DemandEvents
    /// Items whose place this one has taken, with what was asked for of them in the same periods.
    public let predecessors: [Succession.Predecessor]
    /// Periods from now until nothing is asked for any more; nil for as long as anybody can see.
    public let endsAfter: Double?

    /// - Parameters:
    ///   - values: units per period, shape `[periods]`, oldest first.
    ///   - available: shape `[periods]`, or empty.
    ///   - events: what was known to be the matter, and will be.
    ///   - predecessors: their histories begin where this one does.
    /// - Throws: as `DemandSeries` and `DemandEvents`, and `.invalidAvailability` at the first share that is not one or does not
    ///   exist.
    public init(
        _ values: [Double], season: Int = 1, available: [Double] = [], events: [DemandEvents.Event] = [],
        predecessors: [Succession.Predecessor] = [], endsAfter: Double? = nil
    ) throws(ForecastError) {
        series = try DemandSeries(values, season: season)
        for period in 0..<(available.isEmpty ? 0 : max(values.count, available.count)) {
            let share = period < min(values.count, available.count) ? available[period] : .nan
            guard share >= 0, share <= 1 else { throw .invalidAvailability(period: period, value: share) }
        }
        for predecessor in predecessors { _ = try DemandSeries(predecessor.values + [0]) }
        self.predecessors = predecessors
        self.endsAfter = endsAfter
        self.events = try DemandEvents(events, periods: values.count)
        self.available = available.allSatisfy { $0 == 1 } ? [] : available
    }
}

/// A figure of the history that was not taken as it stands, and what was taken instead.
public struct DemandTreatment: Sendable, Hashable, Codable {
    public enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
        /// For a part of the period there was nothing to sell.
        case noStock
        /// Far from its neighbours and from the same period of other seasons.
        case outlier
        /// What an event that is known did to the period.
        case event
        /// Demand for an item whose place this one has taken.
        case succession
    }

    public let cause: Cause
    /// Counts from 0, the oldest.
    public let period: Int
    /// Units, as recorded.
    public let recorded: Double
    /// Units, as the methods saw it.
    public let taken: Double

    public init(_ cause: Cause, period: Int, recorded: Double, taken: Double) {
        self.cause = cause
        self.period = period
        self.recorded = recorded
        self.taken = taken
    }
}

extension [DemandTreatment] {
    /// The history with these treatments.
    func applied(to values: [Double]) -> [Double] {
        var values = values
        for treatment in self { values[treatment.period] = treatment.taken }
        return values
    }
}
