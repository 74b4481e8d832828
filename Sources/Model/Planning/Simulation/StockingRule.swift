/// A way to set the order-up-to level from the demand known so far and the service that is wanted.
public enum StockingRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// So many times the mean demand of the protection interval, whatever the item: the rule that spreadsheets have.
    case cover
    /// The textbook's: mean and standard deviation of the history, normal demand, no trend and no season.
    case textbook
    /// The forecast's own distribution of the protection interval: whole units for slow items, season and trend in the mean.
    case forecast
    /// The quantiles of the protection interval that a pool of items has learnt from its own trials.
    case pooled

    /// What a history says of the interval, worked out once for all targets.
    public struct Outlook: Sendable {
        fileprivate let window: any IntervalDemand
        fileprivate let leadTime: any IntervalDemand

        /// - Parameters:
        ///   - window: the demand of review interval and lead time together.
        ///   - leadTime: that of the lead time alone; nil when goods come at once.
        init(window: any IntervalDemand, leadTime: (any IntervalDemand)?) {
            self.window = window
            self.leadTime = leadTime ?? DemandDistribution(mean: 0, variance: 0)
        }
    }

    /// What one item's history says by itself; under `pooled` that of a pool of one.
    ///
    /// - Parameter history: shape `[periods]`, oldest first; the level is for what follows it.
    /// - Throws: `ForecastError`.
    public func outlook(
        _ history: DemandSeries, _ review: PeriodicReview, by method: some ForecastingMethod
    ) throws(ForecastError) -> Outlook {
        let (mean, length, lead) = (history.mean, Double(review.protection), Double(review.leadTime))
        switch self {
        case .pooled: return try PooledOutlooks(review).outlooks([history])[0]
        case .forecast:
            let forecast = try method.forecast(history, ForecastRequest(horizon: review.protection, levels: []))
            return Outlook(
                window: try forecast.demand(overNext: length),
                leadTime: review.leadTime > 0 ? try forecast.demand(overNext: lead) : nil)
        case .cover, .textbook:
            let squares = history.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let variance = squares / Double(max(1, history.count - 1))
            return Outlook(
                window: DemandDistribution(mean: mean * length, variance: variance * length, shape: .normal),
                leadTime: DemandDistribution(mean: mean * lead, variance: variance * lead, shape: .normal))
        }
    }

    /// - Returns: units.
    /// - Throws: `PolicyError`.
    public func level(_ outlook: Outlook, target: ServiceTarget) throws(PolicyError) -> Double {
        try target.check()
        guard self == .cover else {
            return try outlook.level(target)
        }
        // The same cover for every item: what normal demand with a coefficient of variation of 0.5 would need.
        return outlook.window.mean * max(0, 1 + 0.5 * UnitNormal.quantile(target.level))
    }
}

extension StockingRule.Outlook {
    fileprivate func level(_ target: ServiceTarget) throws(PolicyError) -> Double {
        func level(_ window: some IntervalDemand, _ leadTime: some IntervalDemand) throws(PolicyError) -> Double {
            try ReviewLevel(window: window, leadTime: leadTime, target: target).level
        }
        return try level(window, leadTime)
    }
}
