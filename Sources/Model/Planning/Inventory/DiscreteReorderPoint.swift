/// A reorder point for items that are asked for a few at a time, where the normal distribution promises stock that is not there.
///
/// Source: Oracle's Poisson rule, generalised to the negative binomial; Syntetos, Babai, Altay (2012), "On the demand
/// distributions of spare parts", Int. J. Production Research 50(8). The lattice undershoot is `E[X^2] / (2 E[X])` less half a
/// step.
public struct DiscreteReorderPoint: Sendable, Hashable {
    /// Smallest level that meets the target, in whole steps of the demand's grain; order when the position is at or below it.
    public let level: Double
    /// Of the risk window, units.
    public let expectedDemand: Double
    /// Mean shortfall below the level when the review notices, units.
    public let undershoot: Double
    /// `P(D <= level - undershoot)`, what the level promises per cycle.
    public let cycleService: Double
    /// Share of units from stock that the level promises.
    public let fillRate: Double

    public var safetyStock: Double { level - expectedDemand - undershoot }

    /// - Parameters:
    ///   - demand: what may be asked for in the risk window.
    ///   - orderQuantity: units per order, `> 0`; a fill rate is earned by it.
    ///   - undershoot: units, `>= 0`; 0 when every single issue is noticed.
    /// - Throws: `PolicyError`.
    public init(
        _ demand: some IntervalDemand, target: ServiceTarget, orderQuantity: Double, undershoot: Double = 0
    ) throws(PolicyError) {
        try target.check()
        try PolicyError.requirePositive("orderQuantity", orderQuantity)
        try PolicyError.require("undershoot", undershoot)
        let lattice = max(0, undershoot - 0.5 * demand.grain)
        let covered: Double
        switch target {
        case .cycleService(let level): covered = demand.quantile(level)
        case .fillRate(let level):
            covered = demand.smallestLevel(
                with: { Self.short(demand, $0, orderQuantity) }, atMost: (1 - level) * orderQuantity)
        }
        let level = demand.raisedToStep(covered + lattice)
        self.level = level
        expectedDemand = demand.mean
        self.undershoot = lattice
        cycleService = demand.probability(atMost: level - lattice)
        fillRate = max(0, 1 - Self.short(demand, level - lattice, orderQuantity) / orderQuantity)
    }

    /// Units short per cycle of `quantity`: `E[(D - s)+] - E[(D - s - Q)+]`, so that a shortage is not counted again in the next
    /// cycle.
    private static func short(_ demand: some IntervalDemand, _ level: Double, _ quantity: Double) -> Double {
        demand.expectedExcess(over: level) - demand.expectedExcess(over: level + quantity)
    }
}
