/// How much to have when there is one chance to order: the quantity at which one unit more costs as much as it saves.
///
/// `P(D <= q) = shortage / (shortage + leftover)`. Source: Arrow, Harris, Marschak (1951), Econometrica 19(3); Nahmias,
/// "Production and Operations Analysis", section 5.3.
public struct Newsvendor: Sendable, Hashable, Codable {
    /// Cost of each unit asked for and not there: lost margin and goodwill.
    public let shortageCost: Double
    /// Cost of each unit left over: its cost less what it still brings.
    public let leftoverCost: Double

    /// - Throws: `PolicyError` for a negative or non-finite cost, or when neither costs anything.
    public init(shortageCost: Double, leftoverCost: Double) throws(PolicyError) {
        try PolicyError.require("shortageCost", shortageCost)
        try PolicyError.require("leftoverCost", leftoverCost)
        try PolicyError.requirePositive("shortageCost + leftoverCost", shortageCost + leftoverCost)
        self.shortageCost = shortageCost
        self.leftoverCost = leftoverCost
    }

    /// The service at which the two costs balance, 0 ... 1.
    public var service: Double { shortageCost / (shortageCost + leftoverCost) }

    /// Units; the smallest step of the demand that reaches the service.
    public func quantity(for demand: some IntervalDemand) -> Double { demand.quantile(service) }

    /// Expected cost of having `quantity` units.
    public func expectedCost(of quantity: Double, facing demand: some IntervalDemand) -> Double {
        shortageCost * demand.expectedExcess(over: quantity) + leftoverCost * demand.expectedLeftover(of: quantity)
    }
}
