/// Stock due to arrive.
public struct DatedReceipt: Sendable, Hashable, Codable {
    /// Periods from now: 0 is available to the first period's demand; negative is overdue.
    public let period: Int
    /// Units, `>= 0`.
    public let quantity: Double

    public init(period: Int, quantity: Double) {
        self.period = period
        self.quantity = quantity
    }
}

/// The stock period by period if nothing more is ordered: a receipt covers from its date on, never before.
public struct ProjectedStock: Sendable, Hashable, Codable {
    /// Units at the end of each period, shape `[periods]`; below zero what could not be delivered.
    public let available: [Double]
    /// First period that ends below zero.
    public let firstStockOut: Int?
    /// First period that ends below the safety stock.
    public let firstBelowSafetyStock: Int?
    /// Units of receipts that should already be here. They cover nothing until someone gives them a new date.
    public let overdue: Double
    /// Units of receipts due after the last period.
    public let beyond: Double

    /// - Parameters:
    ///   - onHand: units available now; negative for backorders.
    ///   - demand: expected units per period, shape `[periods]`.
    /// - Throws: `PolicyError` naming the first figure that is not finite, or a negative receipt or demand.
    public init(onHand: Double, receipts: [DatedReceipt], demand: [Double], safetyStock: Double = 0) throws(PolicyError) {
        try PolicyError.require("onHand", onHand, atLeast: -Double.greatestFiniteMagnitude)
        try PolicyError.require("safetyStock", safetyStock)
        var arriving = [Double](repeating: 0, count: demand.count)
        var (overdue, beyond) = (0.0, 0.0)
        for (index, receipt) in receipts.enumerated() {
            try PolicyError.require("receipts[\(index)].quantity", receipt.quantity)
            switch receipt.period {
            case ..<0: overdue += receipt.quantity
            case demand.count...: beyond += receipt.quantity
            default: arriving[receipt.period] += receipt.quantity
            }
        }
        var stock = onHand
        var course: [Double] = []
        for (period, asked) in demand.enumerated() {
            try PolicyError.require("demand[\(period)]", asked)
            stock += arriving[period] - asked
            course.append(stock)
        }
        // Sums of decimals miss zero by a rounding error, which is no stock-out.
        let slack = 1e-9 * max(1, abs(onHand) + demand.reduce(0, +))
        available = course
        firstStockOut = course.firstIndex { $0 < -slack }
        firstBelowSafetyStock = course.firstIndex { $0 < safetyStock - slack }
        self.overdue = overdue
        self.beyond = beyond
    }
}
