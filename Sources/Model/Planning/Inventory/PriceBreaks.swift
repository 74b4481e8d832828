/// Prices that fall with the quantity ordered.
public struct PriceBreaks: Sendable, Hashable, Codable {
    public enum Scope: String, Sendable, Hashable, Codable {
        /// The lower price holds for every unit of the order.
        case allUnits
        /// The lower price holds for the units from its quantity on.
        case incremental
    }

    public struct Break: Sendable, Hashable, Codable {
        /// Units per order from which the price holds; 0 for the first.
        public let from: Double
        /// Currency per unit.
        public let price: Double

        public init(from: Double, price: Double) {
            self.from = from
            self.price = price
        }
    }

    public let scope: Scope
    /// Ascending by quantity.
    public let breaks: [Break]

    /// - Throws: `PolicyError` unless the first break starts at 0 and quantities rise.
    public init(_ scope: Scope, _ breaks: [Break]) throws(PolicyError) {
        guard let first = breaks.first, first.from == 0 else {
            throw PolicyError(field: "breaks[0].from", value: breaks.first?.from ?? .nan, expected: "0")
        }
        for (index, one) in breaks.enumerated() {
            try PolicyError.require("breaks[\(index)].price", one.price)
            try PolicyError.require("breaks[\(index)].from", one.from)
            if index > 0, one.from <= breaks[index - 1].from {
                throw PolicyError(field: "breaks[\(index)].from", value: one.from, expected: "above the one before it")
            }
        }
        self.scope = scope
        self.breaks = breaks
    }

    /// What an order of `quantity` units costs at the supplier, currency.
    public func cost(of quantity: Double) -> Double {
        let index = breaks.lastIndex { $0.from <= quantity } ?? 0
        guard scope == .incremental else { return quantity * breaks[index].price }
        return fixedPart(upTo: index) + (quantity - breaks[index].from) * breaks[index].price
    }

    /// What the units below break `index` cost.
    private func fixedPart(upTo index: Int) -> Double {
        (0..<index).reduce(0) { $0 + (breaks[$1 + 1].from - breaks[$1].from) * breaks[$1].price }
    }

    /// The order quantity that costs the least in a year: goods, ordering, and holding at a share of the price paid.
    ///
    /// Each price has its own economic quantity; those that lie in their range, and the quantities at which a price begins, are
    /// compared. Source: Nahmias, "Production and Operations Analysis", section 4.7; Hadley & Whitin (1963), section 2-11.
    ///
    /// - Parameters:
    ///   - annualDemand: units, `> 0`.
    ///   - holdingRate: share of the price per year, `> 0`.
    ///   - multiple: orders come in whole multiples of it, units; 0 for any amount.
    ///   - minimum: units.
    /// - Throws: `PolicyError`.
    public func bestOrder(
        annualDemand: Double, costPerOrder: Double, holdingRate: Double, multiple: Double = 0, minimum: Double = 0
    ) throws(PolicyError) -> PricedOrder {
        try PolicyError.requirePositive("annualDemand", annualDemand)
        try PolicyError.require("costPerOrder", costPerOrder)
        try PolicyError.requirePositive("holdingRate", holdingRate)
        try PolicyError.require("multiple", multiple)
        try PolicyError.require("minimum", minimum)
        var quantities: [Double] = []
        for (index, one) in breaks.enumerated() {
            let begun = scope == .incremental ? fixedPart(upTo: index) - one.from * one.price : 0
            let holding = max(one.price * holdingRate, 1e-12)
            let economic = (2 * annualDemand * (costPerOrder + begun) / holding).squareRoot()
            let last = index + 1 < breaks.count ? breaks[index + 1].from : .infinity
            quantities += [min(max(economic, one.from), last), one.from]
        }
        let step = multiple > 0 ? multiple : 1e-9
        // Around each candidate both neighbouring lots: rounding up may reach a break that rounding down misses.
        let lots = quantities.flatMap { quantity in
            multiple > 0
                ? [(quantity / step - 1e-9).rounded(.up) * step, (quantity / step + 1e-9).rounded(.down) * step] : [quantity]
        }
        let least = multiple > 0 ? (max(minimum, multiple) / step - 1e-9).rounded(.up) * step : minimum
        let allowed = Set(lots.map { max($0, least) }).filter { $0 > 0 }.sorted()
        let priced = allowed.map { quantity -> PricedOrder in
            let goods = cost(of: quantity)
            let annual =
                annualDemand / quantity * (costPerOrder + goods) + holdingRate * goods / 2
            return PricedOrder(quantity: quantity, price: goods / quantity, annualCost: annual)
        }
        guard let best = priced.min(by: { $0.annualCost < $1.annualCost }) else {
            throw PolicyError(field: "costPerOrder", value: costPerOrder, expected: "above 0 when nothing sets a smallest order")
        }
        return best
    }
}

/// An order quantity with the price that it has.
public struct PricedOrder: Sendable, Hashable, Codable {
    /// Units.
    public let quantity: Double
    /// Currency per unit on average over the order.
    public let price: Double
    /// Goods, ordering and holding, currency per year.
    public let annualCost: Double
}
