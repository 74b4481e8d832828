import Foundation

/// Whole numbers of units asked for: Poisson, or negative binomial where the variance exceeds the mean.
///
/// Source: Syntetos, Lengu, Babai (2013), "A note on the demand distributions of spare parts", Int. J. Production Research
/// 51(21). The probabilities follow from each other, `P(x+1) / P(x)`, starting at `P(0)`; the caller keeps the mean below 500 so
/// that `P(0)` is a number.
struct CountDistribution {
    let mean: Double
    /// Successes of the negative binomial, `mean^2 / (variance - mean)`; nil for Poisson.
    let successes: Double?

    init(mean: Double, variance: Double) {
        self.mean = mean
        // A hair of over-dispersion would divide by almost nothing and means Poisson anyway.
        successes = variance > mean * (1 + 1e-9) ? mean * mean / (variance - mean) : nil
    }

    var probabilityOfNone: Double {
        guard let successes else { return exp(-mean) }
        return exp(-successes * log1p(mean / successes))
    }

    /// Probability of `count + 1` units divided by that of `count` units.
    private func ratio(after count: Double) -> Double {
        guard let successes else { return mean / (count + 1) }
        return (successes + count) / (count + 1) * (mean / (successes + mean))
    }

    /// Probability of at most `count` units.
    func cumulative(_ count: Double) -> Double {
        guard count >= 0 else { return 0 }
        var probability = probabilityOfNone
        var total = probability
        var units = 0.0
        while units + 1 <= count, probability > 0 || units < mean {
            probability *= ratio(after: units)
            units += 1
            total += probability
        }
        return min(1, total)
    }

    /// The smallest number of units `s` with `P(D <= s) >= level`.
    func quantile(_ level: Double) -> Double {
        var probability = probabilityOfNone
        var total = probability
        var units = 0.0
        // Rounding may leave the total a hair short of 1, so the walk also ends where nothing is left to add.
        while total < level, probability > 1e-18 || units < mean {
            probability *= ratio(after: units)
            units += 1
            total += probability
        }
        return units
    }

    /// Expected units beyond `count`: `E[(D - s)+] = mean - s + sum over x < s of (s - x) P(x)`.
    func expectedExcess(over count: Double) -> Double {
        guard count > 0 else { return mean - count }
        var probability = probabilityOfNone
        var unmet = mean - count
        var units = 0.0
        while units < count, probability > 1e-18 || units < mean {
            unmet += (count - units) * probability
            probability *= ratio(after: units)
            units += 1
        }
        // What is left of a difference of large numbers is rounding, and a search for less of it would never end.
        return unmet > 1e-12 * max(mean, count) ? unmet : 0
    }
}
