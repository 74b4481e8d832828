/// A reorder point by the best that is known of the demand until the goods are there.
///
/// Quantiles of sums where the forecast has them: the smallest level that meets the target by them, plus what is gone already
/// when the review notices. Otherwise mean and deviation of the window: as a count distribution for items asked for a few at a
/// time, and as the one that its variation calls for of others.
public struct ReorderLevel: Sendable, Hashable {
    /// Units; order when the position is at or below it.
    public let level: Double
    /// Units, `>= 0`: with a large order a fill rate could do with less than is asked for until it comes; few want that unseen.
    public let safetyStock: Double
    /// Periods of the sums whose quantiles it stands on; nil where it stands on mean and deviation.
    public let summedPeriods: Int?
    /// Whether demand comes in steps that the level keeps to.
    public let isDiscrete: Bool

    /// - Parameters:
    ///   - orderQuantity: units per order, `> 0`; a fill rate is earned by it.
    ///   - undershoot: units, `>= 0`; 0 when every single issue is noticed.
    /// - Throws: `PolicyError`.
    public init(
        _ window: WindowDemand, target: ServiceTarget, orderQuantity: Double, undershoot: Double
    ) throws(PolicyError) {
        let moments = DemandDistribution(
            mean: window.mean, variance: window.standardDeviation * window.standardDeviation, shape: window.shape)
        func rule(_ demand: some IntervalDemand) throws(PolicyError) -> DiscreteReorderPoint {
            try DiscreteReorderPoint(demand, target: target, orderQuantity: orderQuantity, undershoot: undershoot)
        }
        let found = if let quantiles = window.quantiles { try rule(quantiles) } else { try rule(moments) }
        // Without safety stock the mean is still to be covered; of what is asked for now and then, not even that.
        if case .counts = window.shape {
            level = found.level
        } else {
            level = max(found.level, window.mean + found.undershoot)
        }
        safetyStock = max(0, level - window.mean - found.undershoot)
        summedPeriods = window.summedPeriods
        isDiscrete = (window.quantiles?.grain ?? moments.grain) > 0
    }
}
