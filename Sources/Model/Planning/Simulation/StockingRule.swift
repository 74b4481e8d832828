/// A way to set the order-up-to level from the demand known so far and the service that is wanted.
public enum StockingRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// So many times the mean demand of the protection interval, whatever the item: the rule that spreadsheets have.
    case cover
    /// The textbook's: mean and standard deviation of the history, normal demand, no trend and no season.
    case textbook
    /// The forecast's own distribution of the protection interval: whole units for slow items, season and trend in the mean.
    case forecast

    /// What a history says of the interval, worked out once for all targets.
    public struct Outlook: Sendable {
        fileprivate let mean: Double
        fileprivate let window: DemandDistribution
        fileprivate let leadTime: DemandDistribution
    }

    /// - Parameter history: shape `[periods]`, oldest first; the level is for what follows it.
    /// - Throws: `ForecastError`.
    public func outlook(
        _ history: DemandSeries, _ review: PeriodicReview, by method: some ForecastingMethod
    ) throws(ForecastError) -> Outlook {
        let (mean, length, lead) = (history.mean, Double(review.protection), Double(review.leadTime))
        guard self == .forecast else {
            let squares = history.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let variance = squares / Double(max(1, history.count - 1))
            return Outlook(
                mean: mean * length,
                window: DemandDistribution(mean: mean * length, variance: variance * length, shape: .normal),
                leadTime: DemandDistribution(mean: mean * lead, variance: variance * lead, shape: .normal))
        }
        let forecast = try method.forecast(history, ForecastRequest(horizon: review.protection, levels: []))
        let window = try forecast.demand(overNext: length)
        let none = DemandDistribution(mean: 0, variance: 0)
        return Outlook(
            mean: window.mean, window: window, leadTime: review.leadTime > 0 ? try forecast.demand(overNext: lead) : none)
    }

    /// - Returns: units.
    /// - Throws: `PolicyError`.
    public func level(_ outlook: Outlook, target: ServiceTarget) throws(PolicyError) -> Double {
        try target.check()
        guard self == .cover else {
            return try ReviewLevel(window: outlook.window, leadTime: outlook.leadTime, target: target).level
        }
        // The same cover for every item: what normal demand with a coefficient of variation of 0.5 would need.
        return outlook.mean * max(0, 1 + 0.5 * UnitNormal.quantile(target.level))
    }
}
