extension SeriesForecast {
    /// The demand summed over the protection interval as the forecast's own quantiles of sums have it, for any rule that sets
    /// stock.
    ///
    /// They were learnt on sums, so they know what periods share; quantiles of single periods, added or scaled, do not.
    ///
    /// - Parameter period: the period ahead in which the interval begins; 0 is the next one.
    /// - Throws: `PolicyError` when the forecast has no such interval, or fewer than two quantile levels.
    public func protectionDemand(from period: Int = 0) throws(PolicyError) -> QuantileDemand {
        guard let known = protection.first?.count, period >= 0, period < known else {
            throw PolicyError(field: "protection", value: Double(period), expected: "an interval that the forecast has sums for")
        }
        let grain =
            switch spread.shape {
            case .counts(let grain), .matched(let grain): grain
            case .normal: 0.0
            }
        return try QuantileDemand(levels: levels, values: protection.map { $0[period] }, grain: grain)
    }
}
