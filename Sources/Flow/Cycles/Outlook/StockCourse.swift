import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// The stock of a position period by period on the forecast that counts, in stocking units.
package struct StockCourse: Encodable, Sendable {
    package struct Period: Encodable, Sendable {
        /// Its last day.
        package let endsOn: BusinessDate
        /// What arrives in it.
        package let arriving: Double
        package let expectedDemand: Double
        /// At its end; below zero what could not be delivered.
        package let expectedStock: Double
        package let stockOutProbability: Double
        package let expectedShortage: Double
    }

    package let forecastSource: ID<ExternalSystem>
    package let forecastVersion: Int64
    package let isProvisional: Bool
    package let periods: [Period]
    /// The end of the period in which the expected stock falls below zero; nil when it does not.
    package let stockOutOn: BusinessDate?
    /// The end of the period in which the expected stock falls below the safety stock.
    package let belowSafetyStockOn: BusinessDate?
    /// Nil when nothing is due.
    package let nextReceiptOn: BusinessDate?
    /// Probability that the stock runs out before that can help.
    package let stockOutProbability: Double
    /// Units that are then missing on average.
    package let expectedShortage: Double
    /// How long what is available lasts at the expected demand; nil when it outlasts the forecast.
    package let daysOfSupply: Double?
    /// What is there and coming beyond the order-up-to level; nil without a policy.
    package let excess: Double?
    /// Units of what is there and coming that nobody asks for within the forecast, on average.
    package let expectedLeftover: Double
    /// The worth of these two at the item's cost; nil when that is not known.
    package let excessValue: Double?
    package let leftoverValue: Double?

    init(available: Double, _ arrivals: Arrivals, _ ahead: DemandAhead, _ facts: DecisionFacts) throws {
        let position = facts.position
        let (means, cumulative) = (ahead.means, ahead.cumulative)
        let receipts = arrivals.dated.map { DatedReceipt(period: ahead.period(of: $0.day), quantity: $0.quantity) }
        let safety = position.policy?.levels.safetyStock.double ?? 0
        let course = try ProjectedStock(onHand: available, receipts: receipts, demand: means, safetyStock: safety)
        let risk = try StockRisk(onHand: available, receipts: receipts, cumulative: cumulative)
        forecastSource = ahead.forecast.source
        forecastVersion = ahead.forecast.version
        isProvisional = ahead.forecast.isProvisional
        periods = means.indices.map { period in
            Period(
                endsOn: ahead.end(of: period),
                arriving: receipts.reduce(0) { $0 + ($1.period == period ? $1.quantity : 0) }, expectedDemand: means[period],
                expectedStock: course.available[period], stockOutProbability: risk.stockOut[period],
                expectedShortage: risk.expectedShortage[period])
        }
        stockOutOn = course.firstStockOut.map(ahead.end)
        belowSafetyStockOn = course.firstBelowSafetyStock.map(ahead.end)
        nextReceiptOn = arrivals.dated.filter { $0.quantity > 0 }.map(\.day).min()
        stockOutProbability = risk.beforeNextReceipt
        expectedShortage = risk.shortageBeforeNextReceipt
        let cost = position.item.unitCost?.double
        let held = max(0, available + arrivals.total)
        let onHand = try SurplusStock(stock: max(0, available), orderUpTo: 0, mean: means, until: cumulative.last ?? .none)
        // The running period's mean is that of its rest.
        daysOfSupply = onHand.periodsOfSupply.map { periods in
            let days = Double(ahead.forecast.periodDays)
            return periods < 1 ? periods * days * ahead.share : (periods - 1 + ahead.share) * days
        }
        let surplus = try SurplusStock(
            stock: held, orderUpTo: position.policy?.levels.orderUpTo.double ?? held, mean: means,
            until: cumulative.last ?? .none)
        excess = position.policy.map { _ in surplus.excess }
        expectedLeftover = surplus.expectedLeftover
        excessValue = excess.flatMap { excess in cost.map { $0 * excess } }
        leftoverValue = cost.map { surplus.obsolescence(itemValue: $0) }
    }
}

extension DemandDistribution {
    /// Nothing is asked for.
    fileprivate static let none = DemandDistribution(mean: 0, variance: 0)
}
