/// What a stocking rule gives for what it holds: fill rate against average stock, over many items.
public struct ServiceCurve: Sendable, Hashable, Codable {
    public struct Point: Sendable, Hashable, Codable {
        /// What was aimed at.
        public let target: Double
        public let result: PeriodicReview.Result
        /// Average stock over mean demand per period: periods of demand on the shelf.
        public let periodsOfStock: Double
    }

    public let rule: StockingRule
    /// In the order of the targets.
    public let points: [Point]

    /// Runs one item's demand for each target, and adds what came of it to the sums.
    ///
    /// - Parameters:
    ///   - demand: shape `[periods]`; the first `known` are history when the run begins.
    ///   - refresh: periods after which the level is worked out anew from all that is then known.
    /// - Returns: shape `[targets]`.
    /// - Throws: `PolicyError`, or `ForecastError` for a demand that cannot be.
    public static func run(
        _ demand: [Double], known: Int, season: Int, rule: StockingRule, targets: [ServiceTarget], review: PeriodicReview,
        refresh: Int, method: some ForecastingMethod
    ) throws -> [PeriodicReview.Result] {
        let all = try DemandSeries(demand, season: season)
        let known = max(1, min(known, all.count - 1))
        var outlooks: [StockingRule.Outlook] = []
        for end in stride(from: known, to: all.count, by: max(1, refresh)) {
            outlooks.append(try rule.outlook(all.prefix(end), review, by: method))
        }
        return try run(
            Array(demand[known...]), rule: rule, outlooks: outlooks, targets: targets, review: review, refresh: refresh)
    }

    /// The same with the outlooks worked out already, as a pool of items does.
    ///
    /// - Parameters:
    ///   - demand: what comes after the history.
    ///   - outlooks: the first as seen from the history's end, each further one `refresh` periods later; at least one.
    /// - Throws: `PolicyError`.
    public static func run(
        _ demand: [Double], rule: StockingRule, outlooks: [StockingRule.Outlook], targets: [ServiceTarget],
        review: PeriodicReview, refresh: Int
    ) throws -> [PeriodicReview.Result] {
        try targets.map { target in
            let levels = try outlooks.map { try rule.level($0, target: target) }
            return review.run(demand, warmUp: review.protection, start: levels.first ?? 0) { period in
                levels[min(levels.count - 1, period / max(1, refresh))]
            }
        }
    }

    public init(_ rule: StockingRule, targets: [ServiceTarget], results: [PeriodicReview.Result]) {
        self.rule = rule
        points = zip(targets, results).map { target, result in
            let rate = result.demand / Double(max(1, result.periods))
            return Point(target: target.level, result: result, periodsOfStock: rate > 0 ? result.averageStock / rate : 0)
        }
    }

    /// Periods of stock that a fill rate costs, between the two points around it; nil outside the curve.
    public func stock(atFillRate rate: Double) -> Double? {
        for (lower, upper) in zip(points, points.dropFirst()) {
            guard let from = lower.result.fillRate, let to = upper.result.fillRate, from <= rate, rate <= to else { continue }
            let share = to > from ? (rate - from) / (to - from) : 0
            return lower.periodsOfStock + share * (upper.periodsOfStock - lower.periodsOfStock)
        }
        return nil
    }
}
