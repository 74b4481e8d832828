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
        _ demand: DemandDistribution, target: ServiceTarget, orderQuantity: Double, undershoot: Double = 0
    ) throws(PolicyError) {
        try target.check()
        try PolicyError.requirePositive("orderQuantity", orderQuantity)
        try PolicyError.require("undershoot", undershoot)
        let lattice = max(0, undershoot - 0.5 * demand.grain)
        let covered: Double
        switch target {
        case .cycleService(let level): covered = demand.quantile(level)
        case .fillRate(let level): covered = Self.covering(demand, level, orderQuantity)
        }
        let step = demand.grain > 0 ? demand.grain : 0
        let raised = covered + lattice
        let level = step > 0 ? ((raised / step - 1e-9).rounded(.up) * step) : raised
        self.level = level
        expectedDemand = demand.mean
        self.undershoot = lattice
        cycleService = demand.probability(atMost: level - lattice)
        fillRate = max(0, 1 - Self.short(demand, level - lattice, orderQuantity) / orderQuantity)
    }

    /// Units short per cycle of `quantity`: `E[(D - s)+] - E[(D - s - Q)+]`, so that a shortage is not counted again in the next
    /// cycle.
    private static func short(_ demand: DemandDistribution, _ level: Double, _ quantity: Double) -> Double {
        demand.expectedExcess(over: level) - demand.expectedExcess(over: level + quantity)
    }

    /// The smallest level whose shortage per cycle is within `1 - rate` of the quantity, by bisection over whole steps.
    private static func covering(_ demand: DemandDistribution, _ rate: Double, _ quantity: Double) -> Double {
        let allowed = (1 - rate) * quantity
        guard short(demand, 0, quantity) > allowed else { return 0 }
        let step = demand.grain > 0 ? demand.grain : max(demand.mean, demand.standardDeviation) / 1000
        var high = 1.0
        while short(demand, high * step, quantity) > allowed, high < 1e9 { high *= 2 }
        var low = (high / 2).rounded(.down)
        while high - low > 1 {
            let middle = ((low + high) / 2).rounded(.down)
            if short(demand, middle * step, quantity) > allowed { low = middle } else { high = middle }
        }
        return high * step
    }
}
