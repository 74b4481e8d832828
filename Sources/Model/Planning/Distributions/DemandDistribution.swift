import Foundation

/// How much will be asked for in some stretch of time, as a probability distribution that is never negative.
///
/// Forecasts give it, inventory policies take it. The family follows from the moments and the demand's own step:
/// whole units for small counts, a gamma where the spread is wide against the mean, a normal clipped at zero otherwise.
public struct DemandDistribution: Sendable, Hashable {
    public enum Family: String, Sendable, Hashable, Codable {
        /// One value without spread.
        case certain
        case poisson
        case negativeBinomial
        case gamma
        /// Normal, with its part below zero moved to zero.
        case normal
    }

    /// What is known of the demand before its moments.
    public enum Shape: Sendable, Hashable {
        /// Sold in multiples of `grain` (units, positive), often none at all.
        case counts(grain: Double)
        /// Whatever family fits the moments; `grain` is the step of small counts, 0 for any amount.
        case matched(grain: Double)
        /// Symmetric around its mean, whatever the spread: the textbook assumption.
        case normal
    }

    public let family: Family
    /// Expected demand, units, `>= 0`.
    public let mean: Double
    /// Standard deviation, units, `>= 0`.
    public let standardDeviation: Double
    /// The step between possible values in units; 0 when any amount is possible.
    public let grain: Double

    /// - Parameters:
    ///   - mean: expected demand; negative and NaN count as 0.
    ///   - variance: in units squared; negative and NaN count as 0. Counts never vary less than Poisson.
    public init(mean: Double, variance: Double, shape: Shape = .matched(grain: 0)) {
        let mean = mean > 0 ? mean : 0
        let deviation = variance > 0 ? variance.squareRoot() : 0
        let choice = Self.choose(mean: mean, deviation: deviation, shape: shape)
        self.mean = mean
        family = choice.family
        grain = choice.grain
        standardDeviation = choice.family == .poisson ? (mean * choice.grain).squareRoot() : deviation
    }

    private static func choose(mean: Double, deviation: Double, shape: Shape) -> (family: Family, grain: Double) {
        if case .counts(let grain) = shape, countable(mean, deviation, grain, most: 500) {
            return (deviation * deviation > mean * grain * (1 + 1e-9) ? .negativeBinomial : .poisson, grain)
        }
        guard deviation > 0 else { return (.certain, 0) }
        if shape == .normal { return (.normal, 0) }
        // Below a third the families agree; above five a gamma is almost all zero and one far tail.
        let variation = mean > 0 ? deviation / mean : .infinity
        guard variation > 1.0 / 3 else { return (.normal, 0) }
        if case .matched(let grain) = shape, countable(mean, deviation, grain, most: 50),
            deviation * deviation > mean * grain * (1 + 1e-9)
        {
            return (.negativeBinomial, grain)
        }
        return (variation < 5 ? .gamma : .normal, 0)
    }

    /// Beyond some hundred steps a count cannot be told from an amount, and would only be slow.
    private static func countable(_ mean: Double, _ deviation: Double, _ grain: Double, most: Double) -> Bool {
        grain > 0 && mean > 0 && mean <= most * grain && deviation <= 2 * most * grain
    }

    private var counts: CountDistribution {
        CountDistribution(mean: mean / grain, variance: standardDeviation * standardDeviation / (grain * grain))
    }

    /// The demand that is not exceeded with probability `level` (clamped into 0 ... 1 - 1e-12); `>= 0`, finite.
    public func quantile(_ level: Double) -> Double {
        guard level > 0 else { return 0 }
        let level = min(level, 1 - 1e-12)
        switch family {
        case .certain: return mean
        case .poisson, .negativeBinomial: return grain * counts.quantile(level)
        case .gamma: return GammaDistribution(mean: mean, variance: standardDeviation * standardDeviation).quantile(level)
        case .normal: return max(0, mean + UnitNormal.quantile(level) * standardDeviation)
        }
    }

    /// The probability that no more than `quantity` is asked for.
    public func probability(atMost quantity: Double) -> Double {
        guard quantity >= 0 else { return 0 }
        switch family {
        case .certain: return quantity >= mean ? 1 : 0
        case .poisson, .negativeBinomial: return counts.cumulative((quantity / grain + 1e-9).rounded(.down))
        case .gamma: return GammaDistribution(mean: mean, variance: standardDeviation * standardDeviation).cumulative(quantity)
        case .normal: return UnitNormal.cumulative((quantity - mean) / standardDeviation)
        }
    }

    /// The units asked for beyond `quantity` on average, `E[(D - quantity)+]`.
    public func expectedExcess(over quantity: Double) -> Double {
        switch family {
        case .certain: return max(0, mean - quantity)
        case .poisson, .negativeBinomial:
            // Between two possible demands the expectation runs straight.
            let steps = quantity / grain
            let below = counts.expectedExcess(over: steps.rounded(.down))
            let above = counts.expectedExcess(over: steps.rounded(.down) + 1)
            return grain * (below + (steps - steps.rounded(.down)) * (above - below))
        case .normal: return standardDeviation * UnitNormal.loss((quantity - mean) / standardDeviation)
        case .gamma:
            guard quantity > 0 else { return mean - quantity }
            // E[X; X > s] of a gamma is its mean times the tail of the gamma with shape + 1.
            let gamma = GammaDistribution(mean: mean, variance: standardDeviation * standardDeviation)
            let heavier = 1 - GammaDistribution.regularised(gamma.shape + 1, quantity / gamma.scale)
            return max(0, mean * heavier - quantity * (1 - gamma.cumulative(quantity)))
        }
    }
}
