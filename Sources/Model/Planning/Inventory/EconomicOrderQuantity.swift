/// The order quantity at which ordering and holding cost the least together, `sqrt(2 D K / h)`.
///
/// Source: Harris (1913). The optimum is flat: 1.5 times the quantity costs 8.3 % more.
public struct EconomicOrderQuantity: Sendable, Hashable, Codable {
    /// Units per year.
    public let annualDemand: Double
    /// Cost of placing and receiving one order.
    public let costPerOrder: Double
    /// Cost of keeping one unit for a year, in the same currency.
    public let holdingCost: Double

    /// - Throws: `PolicyError` for a negative or non-finite figure, or a holding cost of zero, at which no quantity would be too
    ///   much.
    public init(annualDemand: Double, costPerOrder: Double, holdingCost: Double) throws(PolicyError) {
        try PolicyError.require("annualDemand", annualDemand)
        try PolicyError.require("costPerOrder", costPerOrder)
        try PolicyError.requirePositive("holdingCost", holdingCost)
        self.annualDemand = annualDemand
        self.costPerOrder = costPerOrder
        self.holdingCost = holdingCost
    }

    /// Units per order.
    public var quantity: Double { (2 * annualDemand * costPerOrder / holdingCost).squareRoot() }

    /// Yearly cost of ordering and holding with orders of `quantity` units; nil for a quantity that is not positive.
    public func annualCost(ordering quantity: Double) -> Double? {
        guard quantity > 0 else { return nil }
        return annualDemand / quantity * costPerOrder + quantity / 2 * holdingCost
    }
}
