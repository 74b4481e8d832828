/// How far to look ahead and which quantiles to give.
public struct ForecastRequest: Sendable, Hashable {
    /// Periods ahead, 1 ... 10000.
    public let horizon: Int
    /// Quantile levels between 0 and 1, ascending, without repeats.
    public let levels: [Double]
    /// Periods of which the summed demand is wanted as well, from each period ahead on; nil for none.
    public let protection: Int?

    public static let standardLevels = [0.5, 0.8, 0.9, 0.95, 0.99]

    /// - Throws: `.invalidHorizon`, `.invalidLevel` with the first that is out of range.
    public init(horizon: Int, levels: [Double] = ForecastRequest.standardLevels, protection: Int? = nil) throws(ForecastError) {
        guard (1...10_000).contains(horizon) else { throw .invalidHorizon(horizon) }
        if let protection, !(1...horizon).contains(protection) {
            throw .beyondHorizon(asked: Double(protection), horizon: horizon)
        }
        for level in levels where !(level > 0 && level < 1) { throw .invalidLevel(level) }
        self.horizon = horizon
        self.levels = Set(levels).sorted()
        self.protection = protection
    }
}
