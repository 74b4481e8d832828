/// What is known of the periods ahead that the history did not show: each period's demand is multiplied, and then added to.
///
/// Quantiles move with the mean and keep their distance from it in standard deviations. Of a sum over several periods the
/// deviation follows from those of its periods and from how their errors hang together.
public struct ForecastAdjustment: Sendable, Hashable {
    /// Shape `[horizon]`, `>= 0`; missing ones are 1.
    public var factors: [Double]
    /// Units, shape `[horizon]`; missing ones are 0.
    public var additions: [Double]
    /// Variance of the additions, units squared, shape `[horizon]`; missing ones are 0.
    public var variances: [Double]
    /// Variance of the factors, shape `[horizon]`; missing ones are 0.
    public var factorVariances: [Double]
    /// What the deviation of every period is multiplied by besides, `> 0`.
    public var widening: Double

    public init(
        factors: [Double] = [], additions: [Double] = [], variances: [Double] = [], factorVariances: [Double] = [],
        widening: Double = 1
    ) {
        self.factors = factors
        self.additions = additions
        self.variances = variances
        self.factorVariances = factorVariances
        self.widening = widening
    }

    public var isNone: Bool {
        widening == 1 && factors.allSatisfy { $0 == 1 } && additions.allSatisfy { $0 == 0 } && variances.allSatisfy { $0 == 0 }
            && factorVariances.allSatisfy { $0 == 0 }
    }

    /// A forecast with what is known besides.
    public func applied(to plain: SeriesForecast) -> SeriesForecast {
        guard !isNone else { return plain }
        let mean = plain.mean.enumerated().map { ahead, value in
            max(0, value * (ahead < factors.count ? factors[ahead] : 1) + (ahead < additions.count ? additions[ahead] : 0))
        }
        let before = plain.spread.variances(horizon: mean.count)
        let scales = mean.indices.map {
            scale($0, plain.mean[$0], before[$0], formerly: $0 < plain.spread.scales.count ? plain.spread.scales[$0] : 1)
        }
        let spread = ForecastSpread(
            deviation: plain.spread.deviation, weights: plain.spread.weights, levelVariance: plain.spread.levelVariance,
            scales: scales, shape: plain.spread.shape)
        let after = spread.variances(horizon: mean.count)
        let quantiles = plain.quantiles.map { row in
            row.indices.map { moved(row[$0], plain.mean[$0], before[$0], to: mean[$0], after[$0]) }
        }
        let length = mean.count + 1 - (plain.protection.first?.count ?? 0)
        let columns = (plain.protection.first?.indices ?? 0..<0).map { $0..<$0 + length }
        let sums = columns.map { range in
            (
                mean: (plain.mean[range].reduce(0, +), mean[range].reduce(0, +)),
                variance: (plain.spread.sumVariance(over: range), spread.sumVariance(over: range))
            )
        }
        let protection = plain.protection.map { row in
            zip(row, sums).map { moved($0, $1.mean.0, $1.variance.0, to: $1.mean.1, $1.variance.1) }
        }
        return SeriesForecast(adjusting: plain, mean: mean, spread: spread, quantiles: quantiles, protection: protection)
    }

    private func scale(_ ahead: Int, _ mean: Double, _ variance: Double, formerly: Double) -> Double {
        let factor = (ahead < factors.count ? factors[ahead] : 1) * widening
        let ofFactor = ahead < factorVariances.count ? factorVariances[ahead] * mean * mean : 0
        let further = ofFactor + (ahead < variances.count ? variances[ahead] : 0)
        guard variance > 0, further > 0 else { return factor * formerly }
        return ((factor * factor * variance + further) / variance).squareRoot() * formerly
    }

    private func moved(_ value: Double, _ mean: Double, _ variance: Double, to other: Double, _ after: Double) -> Double {
        let ratio = variance > 0 ? (after / variance).squareRoot() : 1
        // Where nothing can be asked for any more there are no quantiles either.
        return other == 0 && after == 0 ? 0 : max(0, other + (value - mean) * ratio)
    }
}

extension SeriesForecast {
    /// The same answer with other figures; quantiles are raised where they cross.
    init(adjusting plain: SeriesForecast, mean: [Double], spread: ForecastSpread, quantiles: [[Double]], protection: [[Double]]) {
        self.init(
            method: plain.method, mean: mean, spread: spread, levels: [], residualDeviation: plain.residualDeviation,
            explanation: plain.explanation)
        self.init(self, levels: plain.levels, quantiles: quantiles, protection: protection)
    }
}
