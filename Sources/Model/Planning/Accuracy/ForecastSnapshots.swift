/// What was believed at each point in time, so that a forecast is judged by what it said when it mattered.
///
/// An order with a lead time of eight weeks was placed on the forecast of eight weeks before; how well the forecast of yesterday
/// did says nothing of it.
public struct ForecastSnapshots: Sendable, Hashable, Codable {
    /// One forecast as it was made.
    public struct Snapshot: Sendable, Hashable, Codable {
        /// The first period it speaks of; it was made on the demand before it.
        public let origin: Int
        /// Units, shape `[horizon]`.
        public let mean: [Double]
        /// The quantile by which the coverage is judged, units, shape `[horizon]`; empty when none was forecast.
        public let upper: [Double]

        public init(origin: Int, mean: [Double], upper: [Double] = []) {
            self.origin = origin
            self.mean = mean
            self.upper = upper
        }
    }

    /// By origin.
    public let snapshots: [Snapshot]

    /// A later forecast of the same origin replaces an earlier one.
    public init(_ snapshots: [Snapshot]) {
        var latest: [Int: Snapshot] = [:]
        for snapshot in snapshots { latest[snapshot.origin] = snapshot }
        self.snapshots = latest.values.sorted { $0.origin < $1.origin }
    }

    /// What was last believed of `period` at least `lag` periods ahead; nil when no forecast so old looks so far.
    ///
    /// - Parameter lag: 1 for the forecast made just before the period began.
    public func belief(of period: Int, lag: Int) -> Double? {
        snapshot(of: period, lag: lag).map { $0.mean[period - $0.origin] }
    }

    private func snapshot(of period: Int, lag: Int) -> Snapshot? {
        let latest = period - lag + 1
        return snapshots.last { $0.origin <= latest && period >= $0.origin && period - $0.origin < $0.mean.count }
    }

    /// What was believed `lag` periods ahead, and beside it what repeating the last demand known then would have said.
    public struct Judgement: Sendable, Hashable {
        public let forecast: AccuracySums
        public let naive: AccuracySums
        /// Periods of which something was believed, but not what was asked for.
        public let unknown: Int
    }

    /// Judges the periods of which anything was believed.
    ///
    /// The scaled figures take their scale from what was known before the first of the forecasts, from the first demand on: an
    /// item that was not yet listed did not change from period to period.
    ///
    /// - Parameters:
    ///   - demand: units from period 0 on, history included; nil where it is not known, because nothing was in stock.
    ///   - periods: those to judge, within `demand`.
    ///   - level: of the quantile in `upper`.
    /// - Throws: `PolicyError` for a figure that is not finite.
    public func judge(
        _ demand: [Double?], in periods: Range<Int>, lag: Int, level: Double
    ) throws(PolicyError) -> Judgement {
        var actual: [Double] = []
        var (mean, upper, naive): ([Double], [Double], [Double]) = ([], [], [])
        var unknown = 0
        var earliest = Int.max
        for period in periods.clamped(to: demand.indices) {
            guard let snapshot = snapshot(of: period, lag: lag) else { continue }
            guard let value = demand[period] else {
                unknown += 1
                continue
            }
            actual.append(value)
            mean.append(snapshot.mean[period - snapshot.origin])
            if period - snapshot.origin < snapshot.upper.count { upper.append(snapshot.upper[period - snapshot.origin]) }
            naive.append(demand[..<max(0, min(snapshot.origin, demand.count))].last { $0 != nil }.flatMap(\.self) ?? 0)
            earliest = min(earliest, snapshot.origin)
        }
        let history = Array(demand.prefix(max(0, min(earliest, demand.count))).compactMap(\.self).drop { $0 == 0 })
        let hasUpper = upper.count == actual.count && !actual.isEmpty
        return Judgement(
            forecast: try AccuracySums(
                actual: actual, forecast: mean, history: history, quantiles: hasUpper ? [upper] : [],
                levels: hasUpper ? [level] : []),
            naive: try AccuracySums(actual: actual, forecast: naive, history: history), unknown: unknown)
    }

    /// Accuracy of what was believed `lag` periods ahead, over all periods of which anything was.
    ///
    /// - Parameters:
    ///   - actual: units, shape `[periods]`, from period `first` on.
    /// - Throws: `PolicyError` for a figure that is not finite.
    public func accuracy(of actual: [Double], from first: Int = 0, lag: Int) throws(PolicyError) -> AccuracySums {
        var pairs: [(Double, Double)] = []
        for (offset, value) in actual.enumerated() {
            if let believed = belief(of: first + offset, lag: lag) { pairs.append((value, believed)) }
        }
        return try AccuracySums(actual: pairs.map(\.0), forecast: pairs.map(\.1))
    }
}
