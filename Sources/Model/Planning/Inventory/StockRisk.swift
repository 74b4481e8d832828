/// How likely the stock is to run out, period by period, if nothing more is ordered.
///
/// At the end of period t the stock is short when what was asked for until then exceeds what was there and has arrived. The
/// demand is that of the forecast summed over the periods, so that errors which hang together count as such. A period's figure is
/// that of its end; a shortage that a later receipt has healed by then is counted in the period before the receipt.
public struct StockRisk: Sendable, Hashable, Codable {
    /// Probability that the period ends with unmet demand, shape `[periods]`.
    public let stockOut: [Double]
    /// Units unmet at the end of the period on average, shape `[periods]`.
    public let expectedShortage: [Double]
    /// Probability that the stock runs out before the next receipt can help; of the last period when none is due.
    public let beforeNextReceipt: Double
    /// Units that are then unmet on average.
    public let shortageBeforeNextReceipt: Double
    /// Periods until the next receipt: its period, or the number of periods when none is due.
    public let nextReceipt: Int

    /// - Parameters:
    ///   - onHand: units available now; negative for backorders.
    ///   - receipts: overdue ones count for nothing until someone gives them a new date.
    ///   - cumulative: demand summed over the first 1, 2, ... periods.
    /// - Throws: `PolicyError` naming the first figure that cannot be.
    public init<Demand: IntervalDemand>(
        onHand: Double, receipts: [DatedReceipt], cumulative: [Demand]
    ) throws(PolicyError) {
        try PolicyError.require("onHand", onHand, atLeast: -Double.greatestFiniteMagnitude)
        var arriving = [Double](repeating: 0, count: cumulative.count)
        for (index, receipt) in receipts.enumerated() {
            try PolicyError.require("receipts[\(index)].quantity", receipt.quantity)
            if arriving.indices.contains(receipt.period) { arriving[receipt.period] += receipt.quantity }
        }
        var supply = onHand
        var (chances, shortages): ([Double], [Double]) = ([], [])
        for (demand, arrived) in zip(cumulative, arriving) {
            supply += arrived
            chances.append(1 - demand.probability(atMost: supply))
            shortages.append(demand.expectedExcess(over: supply))
        }
        stockOut = chances
        expectedShortage = shortages
        let next = arriving.firstIndex { $0 > 0 } ?? cumulative.count
        nextReceipt = next
        // Goods of period t are there for its demand, so the last period without them is the one before.
        beforeNextReceipt = next > 0 ? chances[next - 1] : (onHand < 0 ? 1 : 0)
        shortageBeforeNextReceipt = next > 0 ? shortages[next - 1] : max(0, -onHand)
    }

    /// The first period that ends short with at least this probability.
    public func firstPeriod(atLeast probability: Double) -> Int? { stockOut.firstIndex { $0 >= probability } }
}

extension StockRisk {
    /// - Parameter periods: how many of the forecast's periods to look at; at most its horizon.
    /// - Throws: `PolicyError`.
    public init(onHand: Double, receipts: [DatedReceipt], forecast: SeriesForecast, periods: Int? = nil) throws(PolicyError) {
        let count = max(0, min(periods ?? forecast.horizon, forecast.horizon))
        var cumulative: [DemandDistribution] = []
        for period in 0..<count {
            guard let demand = try? forecast.demand(in: 0..<period + 1) else { continue }
            cumulative.append(demand)
        }
        try self.init(onHand: onHand, receipts: receipts, cumulative: cumulative)
    }
}
