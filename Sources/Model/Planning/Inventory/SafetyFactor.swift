/// Safety stock in standard deviations of the risk window's demand.
public struct SafetyFactor: Sendable, Hashable, Codable {
    /// What the target alone would ask for.
    public let wanted: Double
    /// What is used, after the bounds of the policy.
    public let value: Double

    public var isClamped: Bool { value != wanted }

    /// The range a policy allows.
    ///
    /// A fill-rate target with a large order quantity asks for a negative factor: stock is meant to run out before each delivery.
    /// Few want that unseen, so 0 is the standard minimum; and beyond 5 deviations no distribution of demand is known well
    /// enough.
    public struct Bounds: Sendable, Hashable, Codable {
        public let minimum: Double
        public let maximum: Double

        public static let standard = Bounds(minimum: 0, maximum: 5)
        public static let wide = Bounds(minimum: -40, maximum: 40)

        /// A minimum above the maximum gives way to it.
        public init(minimum: Double, maximum: Double) {
            self.minimum = min(minimum, maximum)
            self.maximum = maximum
        }
    }

    public init(wanted: Double, bounds: Bounds) {
        self.wanted = wanted
        value = min(max(wanted, bounds.minimum), bounds.maximum)
    }

    /// Cycle service: `k = Phi^-1(a)`. Fill rate: `G(k) = (1 - b) Q / sigma`, with lost sales `G(k) = (1 - b) Q / (b sigma)`.
    ///
    /// - Parameters:
    ///   - deviation: sigma, standard deviation of the demand in the risk window, units.
    ///   - quantity: Q, units per replenishment (d R under periodic review).
    /// - Throws: `PolicyError` naming the target, or the quantity when a fill rate needs one.
    public static func solve(
        _ target: ServiceTarget, deviation: Double, quantity: Double, shortage: ShortageRule = .backorder,
        bounds: Bounds = .standard
    ) throws(PolicyError) -> SafetyFactor {
        try target.check()
        try PolicyError.require("deviation", deviation)
        switch target {
        case .cycleService(let level):
            return SafetyFactor(wanted: UnitNormal.quantile(level), bounds: bounds)
        case .fillRate(let level):
            try PolicyError.requirePositive("orderQuantity", quantity)
            // Without any spread nothing is ever short, and the factor multiplies nothing.
            guard deviation > 0 else { return SafetyFactor(wanted: 0, bounds: bounds) }
            let served = shortage == .lostSale ? level : 1
            let wanted = UnitNormal.lossInverse((1 - level) * quantity / (served * deviation))
            return SafetyFactor(wanted: max(wanted, -1e6), bounds: bounds)
        }
    }
}
