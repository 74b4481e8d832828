/// The demand expected of one series: by period, by quantile, and summed over any protection interval.
public struct SeriesForecast: Sendable, Hashable {
    /// Name of the method that answered, which may be simpler than the one that was asked.
    public let method: String
    /// Expected units per period, shape `[horizon]`; finite, `>= 0`.
    public let mean: [Double]
    /// Quantile levels, ascending.
    public let levels: [Double]
    /// Shape `[levels][horizon]`, units; finite, `>= 0`, never falling from one level to the next.
    public let quantiles: [[Double]]
    /// Quantiles of the demand summed over the protection interval that begins in each period ahead; shape `[levels][horizon -
    /// protection + 1]`, empty when none was asked for.
    public let protection: [[Double]]
    /// Root mean square of the one-step errors in the history, units.
    public let residualDeviation: Double
    public let spread: ForecastSpread
    public var explanation: ForecastExplanation

    /// - Parameter mean: as the method computed it; what is below zero is raised to zero.
    public init(
        method: String, mean: [Double], spread: ForecastSpread, levels: [Double], residualDeviation: Double,
        explanation: ForecastExplanation
    ) {
        self.method = method
        self.mean = mean.map { $0 > 0 ? $0 : 0 }
        self.spread = spread
        self.levels = levels
        self.residualDeviation = residualDeviation
        self.explanation = explanation
        quantiles = Self.quantiles(mean: self.mean, spread: spread, levels: levels)
        protection = []
    }

    /// The same forecast with quantiles that were learnt elsewhere; they are raised where they cross, or fall below zero.
    init(_ plain: SeriesForecast, levels: [Double]? = nil, quantiles: [[Double]], protection: [[Double]]) {
        method = plain.method
        mean = plain.mean
        spread = plain.spread
        residualDeviation = plain.residualDeviation
        explanation = plain.explanation
        self.levels = levels ?? plain.levels
        self.quantiles = Self.ordered(quantiles)
        self.protection = Self.ordered(protection)
    }

    private static func ordered(_ rows: [[Double]]) -> [[Double]] {
        var rows = rows
        for row in rows.indices {
            let below = row == 0 ? nil : rows[row - 1]
            // Most rows are in order as they come, and are not copied.
            guard rows[row].indices.contains(where: { rows[row][$0] < below?[$0] ?? 0 }) else { continue }
            for column in rows[row].indices { rows[row][column] = max(rows[row][column], below?[column] ?? 0) }
        }
        return rows
    }

    private static func quantiles(mean: [Double], spread: ForecastSpread, levels: [Double]) -> [[Double]] {
        var table = [[Double]](repeating: [], count: levels.count)
        var previous: DemandDistribution?
        for (average, variance) in zip(mean, spread.variances(horizon: mean.count)) {
            let demand = DemandDistribution(mean: average, variance: variance, shape: spread.shape)
            for (row, level) in levels.enumerated() {
                // A flat forecast repeats its first period: computed once.
                let repeated = demand == previous ? table[row].last : nil
                let floor = row == 0 ? 0 : table[row - 1].last ?? 0
                table[row].append(repeated ?? max(floor, demand.quantile(level)))
            }
            previous = demand
        }
        return table
    }

    public var horizon: Int { mean.count }

    /// The demand summed over the next `periods` periods; a part of a period counts with that part of its mean and of its
    /// variance.
    ///
    /// Quantiles of the sum are not sums of quantiles: errors of single periods partly cancel, and partly (a wrong level) do not.
    ///
    /// - Parameter periods: length of the protection interval in periods, `> 0` and at most `horizon`.
    /// - Throws: `.beyondHorizon`.
    public func demand(overNext periods: Double) throws(ForecastError) -> DemandDistribution {
        guard periods > 0, periods <= Double(horizon) else { throw .beyondHorizon(asked: periods, horizon: horizon) }
        let whole = Int(periods)
        let part = periods - Double(whole)
        var total = mean[..<whole].reduce(0, +)
        var variance = spread.sumVariance(over: 0..<whole)
        if part > 0 {
            total += part * mean[whole]
            variance += part * (spread.sumVariance(over: 0..<whole + 1) - variance)
        }
        return DemandDistribution(mean: total, variance: variance, shape: spread.shape)
    }

    /// The demand summed over some of the periods ahead, as seen from now; 0 is the next one.
    ///
    /// - Throws: `.beyondHorizon` for a range that does not lie within the horizon.
    public func demand(in periods: Range<Int>) throws(ForecastError) -> DemandDistribution {
        guard periods.lowerBound >= 0, periods.upperBound <= horizon else {
            throw .beyondHorizon(asked: Double(periods.upperBound), horizon: horizon)
        }
        return DemandDistribution(
            mean: mean[periods].reduce(0, +), variance: spread.sumVariance(over: periods), shape: spread.shape)
    }

    /// The same forecast with the quantiles of the sums that were asked for, from its spread.
    public func summed(_ request: ForecastRequest) -> SeriesForecast {
        guard let length = request.protection, length <= horizon, protection.isEmpty else { return self }
        let sums = levels.map { level in
            (0...horizon - length).map { (try? demand(in: $0..<$0 + length).quantile(level)) ?? 0 }
        }
        return SeriesForecast(self, quantiles: quantiles, protection: sums)
    }
}
