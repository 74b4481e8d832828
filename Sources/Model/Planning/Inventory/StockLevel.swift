/// A reorder point or an order-up-to level with every term that it was added up from, all in units.
///
/// `level = expectedDemand + safetyStock + undershoot`.
public struct StockLevel: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Order when the inventory position is at or below the level.
        case reorderPoint
        /// Order up to the level at every review.
        case orderUpTo
    }

    public let kind: Kind
    public let level: Double
    /// Of the risk window.
    public let expectedDemand: Double
    /// Standard deviation of the demand in the risk window.
    public let deviation: Double
    public let factor: SafetyFactor
    /// May be negative when the policy's bounds allow it.
    public let safetyStock: Double
    public let undershoot: Double
    /// What the level promises, by the same model: share of cycles without a stock-out.
    public let cycleService: Double
    /// What the level promises, by the same model: share of units from stock.
    public let fillRate: Double
}

/// Everything that the stock of one item at one location is set by.
public struct StockPolicy: Sendable, Hashable, Codable {
    public var demand: DemandRate
    public var leadTime: LeadTime
    public var target: ServiceTarget
    /// Days between two looks at the stock: 1 for daily. 0 reacts to every single issue, and has no undershoot.
    public var reviewDays: Double
    public var shortage: ShortageRule
    public var bounds: SafetyFactor.Bounds

    public init(
        demand: DemandRate, leadTime: LeadTime, target: ServiceTarget, reviewDays: Double = 1,
        shortage: ShortageRule = .backorder,
        bounds: SafetyFactor.Bounds = .standard
    ) {
        self.demand = demand
        self.leadTime = leadTime
        self.target = target
        self.reviewDays = reviewDays
        self.shortage = shortage
        self.bounds = bounds
    }

    private func check() throws(PolicyError) {
        try demand.check()
        try leadTime.check()
        try PolicyError.require("reviewDays", reviewDays)
    }

    /// Reorder point `s = d L + k sqrt(L sd_d^2 + d^2 sd_L^2) + undershoot` for orders of `orderQuantity` units.
    ///
    /// - Parameter orderQuantity: Q, units, `> 0`.
    /// - Throws: `PolicyError` naming the field, its value and what was expected.
    public func reorderPoint(orderQuantity: Double) throws(PolicyError) -> StockLevel {
        try check()
        try PolicyError.requirePositive("orderQuantity", orderQuantity)
        return try level(
            .reorderPoint, RiskWindow(demand, leadTime), quantity: orderQuantity,
            undershoot: demand.undershoot(reviewDays: reviewDays))
    }

    /// Order-up-to level `S = d (R + L) + k sqrt((R + L) sd_d^2 + d^2 sd_L^2)` under review every `reviewDays`.
    ///
    /// - Throws: `PolicyError`; `reviewDays` must be positive.
    public func orderUpTo() throws(PolicyError) -> StockLevel {
        try check()
        try PolicyError.requirePositive("reviewDays", reviewDays)
        // Each review orders what was asked for since the last one. Without demand the quantity only has to be a number.
        let quantity = demand.mean > 0 ? demand.mean * reviewDays : 1
        return try level(.orderUpTo, RiskWindow(demand, leadTime, reviewDays: reviewDays), quantity: quantity, undershoot: 0)
    }

    private func level(
        _ kind: StockLevel.Kind, _ window: RiskWindow, quantity: Double, undershoot: Double
    ) throws(PolicyError) -> StockLevel {
        let deviation = window.deviation
        let factor = try SafetyFactor.solve(target, deviation: deviation, quantity: quantity, shortage: shortage, bounds: bounds)
        let short = deviation * UnitNormal.loss(factor.value)
        let safetyStock = factor.value * deviation
        return StockLevel(
            kind: kind, level: max(0, window.expectedDemand + safetyStock + undershoot), expectedDemand: window.expectedDemand,
            deviation: deviation, factor: factor, safetyStock: safetyStock, undershoot: undershoot,
            cycleService: deviation > 0 ? UnitNormal.cumulative(factor.value) : 1,
            fillRate: shortage == .lostSale ? quantity / (quantity + short) : max(0, 1 - short / quantity))
    }
}
