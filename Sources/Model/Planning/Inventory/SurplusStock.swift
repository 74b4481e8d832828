/// How long a stock lasts, and how much of it is more than anyone will ask for in time.
public struct SurplusStock: Sendable, Hashable, Codable {
    /// Periods that the stock covers at the expected demand, parts included; nil when it outlasts the forecast.
    public let periodsOfSupply: Double?
    /// Units beyond what the policy would ever hold: position less order-up-to level.
    public let excess: Double
    /// Units left after the last period on average: what is at risk of never being sold.
    public let expectedLeftover: Double
    /// Probability that something is left after the last period.
    public let leftoverProbability: Double

    /// - Parameters:
    ///   - stock: units on hand and coming, `>= 0`.
    ///   - orderUpTo: units.
    ///   - mean: expected units per period, shape `[periods]`.
    ///   - until: demand summed until the goods lose their worth: shelf life, phase-out or the forecast's horizon.
    /// - Throws: `PolicyError`.
    public init(stock: Double, orderUpTo: Double, mean: [Double], until demand: some IntervalDemand) throws(PolicyError) {
        try PolicyError.require("stock", stock)
        try PolicyError.require("orderUpTo", orderUpTo)
        periodsOfSupply = try Self.periods(of: stock, mean)
        excess = max(0, stock - orderUpTo)
        expectedLeftover = min(stock, demand.expectedLeftover(of: stock))
        leftoverProbability = stock > 0 ? demand.probability(atMost: stock * (1 - 1e-12)) : 0
    }

    private static func periods(of stock: Double, _ mean: [Double]) throws(PolicyError) -> Double? {
        var rest = stock
        for (period, asked) in mean.enumerated() {
            try PolicyError.require("mean[\(period)]", asked)
            if asked > 0, asked >= rest { return Double(period) + rest / asked }
            rest -= asked
        }
        return nil
    }

    /// What holding the excess costs, currency per year.
    public func annualHoldingCost(itemValue: Double, holdingRate: Double) -> Double { excess * itemValue * holdingRate }

    /// What is expected to be written off, currency.
    public func obsolescence(itemValue: Double, salvage: Double = 0) -> Double { expectedLeftover * max(0, itemValue - salvage) }
}
