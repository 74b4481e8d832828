/// The demand until the goods of an order are there, by what a forecast knows best: quantiles of sums, or else two moments.
public struct WindowDemand: Sendable {
    /// Expected in the window, units.
    public let mean: Double
    /// Of the demand in the window, lead-time variability included, units.
    public let standardDeviation: Double
    /// How often less is asked for than some quantity; nil where the forecast has no quantiles of sums.
    public let quantiles: QuantileDemand?
    public let shape: DemandDistribution.Shape
    /// Periods of the sums that the quantiles were learnt on.
    public let summedPeriods: Int?

    /// The forecast's quantiles of the sum nearest to the window, carried over to it.
    ///
    /// They are moved to the window's mean and keep their distance from it in standard deviations, as a lead time that is no
    /// whole number of periods and varies besides asks for: `m + (q - m_P) sqrt(v / v_P)`, `v = v_L + d^2 sd_L^2`. So what was
    /// learnt of the tail of sums stays, and only its width changes. Source: the variance of a random sum, as in the formula of
    /// the safety stock.
    ///
    /// - Throws: `PolicyError`, `ForecastError` for a lead time or a length that cannot be.
    public init(_ forecast: SeriesForecast, leadTime: LeadTime, daysPerPeriod: Double) throws {
        try leadTime.check()
        try PolicyError.requirePositive("daysPerPeriod", daysPerPeriod)
        let periods = leadTime.mean / daysPerPeriod
        // Beyond the horizon demand is taken to go on as it is until there.
        let known = min(periods, Double(forecast.horizon))
        let beyond = known > 0 ? periods / known : 0
        let demand = try known > 0 ? forecast.demand(overNext: known) : nil
        let mean = beyond * (demand?.mean ?? 0)
        let perDay = periods > 0 ? mean / leadTime.mean : 0
        let variance =
            beyond * (demand.map { $0.standardDeviation * $0.standardDeviation } ?? 0)
            + perDay * perDay * leadTime.deviation * leadTime.deviation
        self.mean = mean
        shape = forecast.spread.shape
        standardDeviation = variance.squareRoot()
        guard known > 0, let length = forecast.protectionPeriods, forecast.levels.count > 1 else {
            (quantiles, summedPeriods) = (nil, nil)
            return
        }
        let summed = try forecast.demand(in: 0..<length)
        let own = try forecast.protectionDemand()
        guard summed.standardDeviation > 0 else {
            (quantiles, summedPeriods) = (nil, nil)
            return
        }
        let ratio = variance.squareRoot() / summed.standardDeviation
        let values = own.values.map { max(0, mean + ($0 - summed.mean) * ratio) }
        quantiles = try QuantileDemand(levels: own.levels, values: values, grain: own.grain)
        summedPeriods = length
    }
}

extension SeriesForecast {
    /// The length of the sums that the forecast has quantiles of; nil when it has none.
    public var protectionPeriods: Int? { protection.first.map { horizon - $0.count + 1 } }
}
