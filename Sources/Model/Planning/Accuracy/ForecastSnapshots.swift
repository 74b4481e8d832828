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

        public init(origin: Int, mean: [Double]) {
            self.origin = origin
            self.mean = mean
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
        let latest = period - lag + 1
        guard let snapshot = snapshots.last(where: { $0.origin <= latest && period - $0.origin < $0.mean.count }) else {
            return nil
        }
        return snapshot.mean[period - snapshot.origin]
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
