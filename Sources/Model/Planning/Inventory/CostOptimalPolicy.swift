/// Order quantity and reorder point that cost the least together when each unit short has a price.
///
/// `Q = sqrt(2 D (K + p n(s)) / h)` and `P(D_L > s) = h Q / (p D)`, solved in turn from the economic order quantity; `n(s)` are
/// the units short per cycle. With lost sales the second becomes `h Q / (h Q + p D)`. Source: Hadley & Whitin (1963), "Analysis
/// of Inventory Systems", section 4-2; Nahmias, "Production and Operations Analysis", section 5.4.
public struct CostOptimalPolicy: Sendable, Hashable {
    /// Units per order.
    public let orderQuantity: Double
    /// Units; order when the position is at or below it.
    public let reorderPoint: Double
    /// The share of cycles without a stock-out that these costs call for; stating it as a target gives the same stock.
    public let cycleService: Double
    /// Units short per cycle.
    public let expectedShortage: Double
    /// Ordering, holding and shortages, currency per year.
    public let annualCost: Double

    private static let rounds = 100

    /// - Parameters:
    ///   - demand: of the risk window.
    ///   - costs: yearly demand, cost per order and holding cost per unit and year.
    ///   - shortageCost: currency per unit short, `> 0`.
    ///   - quantity: a quantity that is set; nil to have it worked out.
    /// - Throws: `PolicyError`.
    public init(
        _ demand: some IntervalDemand, costs: EconomicOrderQuantity, shortageCost: Double,
        shortage: ShortageRule = .backorder, quantity fixed: Double? = nil
    ) throws(PolicyError) {
        try PolicyError.requirePositive("shortageCost", shortageCost)
        try PolicyError.requirePositive("annualDemand", costs.annualDemand)
        if let fixed { try PolicyError.requirePositive("quantity", fixed) }
        var quantity = fixed ?? max(costs.quantity, demand.grain, 1e-9 * costs.annualDemand)
        var level = (point: 0.0, service: 0.0, short: 0.0)
        for _ in 0..<Self.rounds {
            level = Self.level(demand, quantity, costs, shortageCost, shortage)
            guard fixed == nil else { break }
            let next = (2 * costs.annualDemand * (costs.costPerOrder + shortageCost * level.short) / costs.holdingCost)
                .squareRoot()
            guard next > 0, abs(next - quantity) > 1e-9 * quantity else { break }
            quantity = next
        }
        orderQuantity = quantity
        reorderPoint = level.point
        cycleService = level.service
        expectedShortage = level.short
        let stock = quantity / 2 + max(0, level.point - demand.mean)
        annualCost =
            costs.annualDemand / quantity * (costs.costPerOrder + shortageCost * level.short) + costs.holdingCost * stock
    }

    private static func level(
        _ demand: some IntervalDemand, _ quantity: Double, _ costs: EconomicOrderQuantity, _ shortageCost: Double,
        _ rule: ShortageRule
    ) -> (point: Double, service: Double, short: Double) {
        let holding = costs.holdingCost * quantity
        let shortage = shortageCost * costs.annualDemand
        let risk = rule == .lostSale ? holding / (holding + shortage) : holding / shortage
        // Where even running out every time is cheaper than holding, no stock is the answer.
        let service = max(0, 1 - risk)
        let point = demand.quantile(service)
        return (point, service, demand.expectedExcess(over: point))
    }
}
