import Foundation

/// What was asked for of one item at one location, period by period, checked once so that no method has to.
///
/// The seam for what a larger engine will know of a history (stock-out-censored periods, calendar effects, events): new
/// properties with a default join here, and methods that do not read them keep working.
public struct DemandSeries: Sendable, Hashable {
    /// Units per period, shape `[periods]`, oldest first; `0 ... 1e100`, never empty.
    public let values: [Double]
    /// Periods after which the pattern repeats: 12 for months, 52 for weeks, 7 for days; 1 for none.
    public let season: Int

    /// Squares and sums of demands up to here stay finite.
    public static let largest = 1e100

    /// - Throws: `.invalidDemand` at the first NaN, infinite, negative or absurdly large value, `.emptyHistory`,
    ///   `.invalidSeason`.
    public init(_ values: [Double], season: Int = 1) throws(ForecastError) {
        guard !values.isEmpty else { throw .emptyHistory }
        guard (1...10_000).contains(season) else { throw .invalidSeason(season) }
        for (period, value) in values.enumerated() where !(value >= 0 && value <= Self.largest) {
            throw .invalidDemand(period: period, value: value)
        }
        self.values = values
        self.season = season
    }

    init(trusted values: [Double], season: Int) {
        self.values = values
        self.season = season
    }

    public var count: Int { values.count }

    public var mean: Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// The step in which the item is asked for: the largest amount of which every demand is a whole multiple, in units.
    ///
    /// 12 for an item sold by the dozen, 0.25 for one cut in quarters; 0 when nothing was sold or the amounts share no step of
    /// 10^-6 or more.
    public var grain: Double {
        var step: Int64 = 0
        for value in values where value > 0 {
            let scaled = value * 1_000_000
            // Beyond 2^53 a Double no longer holds whole millionths.
            guard scaled < 9e15, abs(scaled - scaled.rounded()) <= 1e-9 * scaled + 1e-4 else { return 0 }
            step = greatestCommonDivisor(step, Int64(scaled.rounded()))
        }
        return Double(step) / 1_000_000
    }

    /// The history without the empty periods before the first demand, if at least `least` periods remain.
    ///
    /// An item that was not yet listed was not asked for; a single demand after years of silence is another matter and keeps its
    /// silence.
    func sinceFirstDemand(keeping least: Int) -> DemandSeries {
        guard let first = values.firstIndex(where: { $0 > 0 }), first > 0, values.count - first >= least else { return self }
        return DemandSeries(trusted: Array(values[first...]), season: season)
    }

    func prefix(_ count: Int) -> DemandSeries { DemandSeries(trusted: Array(values.prefix(max(1, count))), season: season) }
}

private func greatestCommonDivisor(_ first: Int64, _ second: Int64) -> Int64 {
    var (large, small) = (first, second)
    while small != 0 { (large, small) = (small, large % small) }
    return large
}
