/// An order-up-to level under periodic review for any demand, counts included, with the service it gives exactly.
///
/// An order placed at a review arrives after the lead time and must last until the next one arrives: units short in one review
/// interval are those short at its end less those that were short already at its beginning, `E[(D_(R+L) - S)+] - E[(D_L - S)+]`.
/// Source: Teunter (2009), "Note on the fill rate of single-stage general periodic review inventory systems", Operations Research
/// Letters 37(1); Silver & Bischak (2011), Omega 39(6).
public struct ReviewLevel: Sendable, Hashable, Codable {
    /// Smallest level that meets the target, in whole steps of the demand's grain.
    public let level: Double
    /// Of lead time and review interval together, units.
    public let expectedDemand: Double
    /// Share of review intervals that end without a stock-out.
    public let cycleService: Double
    /// Share of units delivered from stock.
    public let fillRate: Double

    public var safetyStock: Double { level - expectedDemand }

    /// No fill rate is worth more stock than what lasts in so many cases. Of an item that has all but ceased to sell, each unit
    /// more serves next to nothing of a demand that is next to nothing, and the share would be chased without end.
    private static let enough = 0.9999

    /// - Parameters:
    ///   - window: demand of review interval and lead time together.
    ///   - leadTime: demand of the lead time alone, as seen from the same day.
    /// - Throws: `PolicyError`.
    public init(window: some IntervalDemand, leadTime: some IntervalDemand, target: ServiceTarget) throws(PolicyError) {
        try target.check()
        let reviewed = window.mean - leadTime.mean
        guard reviewed > 0 else {
            // Nothing is asked for between reviews, so nothing can be short.
            (level, expectedDemand, cycleService, fillRate) = (0, window.mean, 1, 1)
            return
        }
        func short(_ level: Double) -> Double {
            max(0, window.expectedExcess(over: level) - leadTime.expectedExcess(over: level))
        }
        let level: Double
        switch target {
        case .cycleService(let share): level = window.quantile(share)
        case .fillRate(let share):
            let most = window.quantile(Self.enough)
            let allowed = (1 - share) * reviewed
            level = short(most) > allowed ? most : window.smallestLevel(with: short, atMost: allowed)
        }
        self.level = level
        expectedDemand = window.mean
        cycleService = window.probability(atMost: level)
        fillRate = max(0, 1 - short(level) / reviewed)
    }
}
