/// The demand of one day.
public struct DemandRate: Sendable, Hashable, Codable {
    /// Units per day.
    public let mean: Double
    /// Standard deviation of one day's demand in units; better, that of the forecast's error.
    public let deviation: Double

    public init(mean: Double, deviation: Double) {
        self.mean = mean
        self.deviation = deviation
    }

    /// The daily rate whose sum over the interval has the mean and the variance that the forecast gives to it.
    ///
    /// - Parameters:
    ///   - periods: length of the protection interval, in periods of the forecast.
    ///   - daysPerPeriod: 7 for a weekly forecast.
    /// - Throws: `.beyondHorizon`.
    public init(_ forecast: SeriesForecast, overNext periods: Double, daysPerPeriod: Double) throws(ForecastError) {
        let demand = try forecast.demand(overNext: periods)
        let days = periods * daysPerPeriod
        mean = demand.mean / days
        deviation = demand.standardDeviation / days.squareRoot()
    }

    /// One demand in four years of days varies by 40 of its means. A forecast that fades to nothing keeps the spread of
    /// livelier days; beyond this ratio that spread says nothing of the demand to come, and would make the undershoot boundless.
    private static let widestVariation = 40.0

    func check() throws(PolicyError) {
        try PolicyError.require("demand.mean", mean)
        try PolicyError.require("demand.deviation", deviation)
    }

    /// How far below the reorder point the stock already is, on average, when the review notices: `E[X^2] / (2 E[X])` of the
    /// demand `X` of one review interval. Source: renewal theory; Silver, Pyke, Thomas on undershoot.
    public func undershoot(reviewDays: Double) -> Double {
        guard mean > 0, reviewDays > 0 else { return 0 }
        let asked = mean * reviewDays
        let spread = min(deviation * reviewDays.squareRoot(), Self.widestVariation * asked)
        return (spread * spread + asked * asked) / (2 * asked)
    }
}

/// How long goods take from order to shelf.
public struct LeadTime: Sendable, Hashable, Codable {
    /// Days.
    public let mean: Double
    /// Standard deviation in days. Leaving it out is the commonest reason for stock-outs that the plan did not see.
    public let deviation: Double

    public init(mean: Double, deviation: Double) {
        self.mean = mean
        self.deviation = deviation
    }

    func check() throws(PolicyError) {
        try PolicyError.require("leadTime.mean", mean)
        try PolicyError.require("leadTime.deviation", deviation)
    }
}

/// The time during which the stock at hand must last, and what may be asked for in it.
public struct RiskWindow: Sendable, Hashable, Codable {
    public let demand: DemandRate
    public let leadTime: LeadTime
    /// Days between reviews that the stock must bridge too: 0 for a reorder point, R for order-up-to.
    public let reviewDays: Double

    public init(_ demand: DemandRate, _ leadTime: LeadTime, reviewDays: Double = 0) {
        self.demand = demand
        self.leadTime = leadTime
        self.reviewDays = reviewDays
    }

    /// Expected demand in the window, `d (R + L)`, units.
    public var expectedDemand: Double { demand.mean * (reviewDays + leadTime.mean) }

    /// `(R + L) sd_d^2 + d^2 sd_L^2`, units squared.
    public var variance: Double {
        let fromDemand = (reviewDays + leadTime.mean) * demand.deviation * demand.deviation
        let fromLeadTime = demand.mean * demand.mean * leadTime.deviation * leadTime.deviation
        return fromDemand + fromLeadTime
    }

    public var deviation: Double { variance.squareRoot() }

    /// The demand in the window as a distribution; `.counts(grain:)` for intermittent items.
    public func distribution(shape: DemandDistribution.Shape) -> DemandDistribution {
        DemandDistribution(mean: expectedDemand, variance: variance, shape: shape)
    }
}
