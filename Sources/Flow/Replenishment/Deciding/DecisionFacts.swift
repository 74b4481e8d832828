import CanonicalModel
import Vocabulary

/// All live figures that one decision looked at; stored beside it, so that it can be made again.
package struct DecisionFacts: Codable, Hashable, Sendable {
    package private(set) var position: PositionFacts
    /// The day it was at the location.
    package let today: BusinessDate
    /// What we have asked for ourselves and no feed has shown us yet.
    package let pending: [PendingSupply]
    /// What approved transfers will take from a location, by location, beyond what its feed shows.
    package let promised: [String: Quantity]
    package let rates: CostRates
    /// The fallback forecast that the recommendation was made on, when it is not the one that counts any more.
    package private(set) var assumedForecast: Forecast?

    package init(
        position: PositionFacts, today: BusinessDate, pending: [PendingSupply] = [], promised: [String: Quantity] = [:],
        rates: CostRates, assumedForecast: Forecast? = nil
    ) {
        self.position = position
        self.today = today
        self.pending = pending
        self.promised = promised
        self.rates = rates
        self.assumedForecast = assumedForecast
    }

    /// The same facts, with the forecast that the recommendation was made on when another one counts.
    func assuming(_ fallback: Forecast) -> DecisionFacts {
        var facts = self
        facts.assumedForecast = position.forecast?.id == fallback.id ? nil : fallback
        return facts
    }

    /// The same facts as if the real forecast had been there in place of the fallback.
    func replacingFallback(with real: Forecast) -> DecisionFacts {
        var facts = self
        if let fallback = position.forecast, fallback.isProvisional { facts.assumedForecast = fallback }
        facts.position.forecast = real
        return facts
    }
}

/// Goods that an action of ours brings, before the outside system's own feed tells of them.
package struct PendingSupply: Codable, Hashable, Sendable {
    package let reference: String
    /// In stocking units.
    package let quantity: Quantity
    package let dueOn: BusinessDate
    /// For a transfer: where it takes the goods from.
    package let origin: ID<Location>?

    package init(reference: String, quantity: Quantity, dueOn: BusinessDate, origin: ID<Location>?) {
        self.reference = reference
        self.quantity = quantity
        self.dueOn = dueOn
        self.origin = origin
    }
}

/// What things cost beyond their price, for comparing a transfer with a purchase.
package struct CostRates: Codable, Hashable, Sendable {
    /// All costs are compared in this currency; a price in another one is no option, because no rate is known.
    package var currency: CurrencyCode
    /// Share of an item's value that holding it for a year costs.
    package var holdingRate: Double
    /// Placing one purchase order.
    package var orderCost: Double
    /// Share of the late goods' value that each day of lateness costs.
    package var latenessRate: Double

    package init(currency: CurrencyCode = "USD", holdingRate: Double = 0.2, orderCost: Double = 25, latenessRate: Double = 0.02) {
        self.currency = currency
        self.holdingRate = holdingRate
        self.orderCost = orderCost
        self.latenessRate = latenessRate
    }
}

extension DecisionFacts: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("assumedForecast", assumedForecast)
            json.add("pending", pending)
            json.add("position", position)
            json.add("promised", promised)
            json.add("rates", rates)
            json.add("today", today)
        }
    }
}

extension PendingSupply: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("dueOn", dueOn)
            json.add("origin", origin)
            json.add("quantity", quantity)
            json.add("reference", reference)
        }
    }
}

extension CostRates: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("currency", currency)
            json.add("holdingRate", holdingRate)
            json.add("latenessRate", latenessRate)
            json.add("orderCost", orderCost)
        }
    }
}
