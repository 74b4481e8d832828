import Foundation

/// A continuous demand that is never negative and leans to the right; the limit of the negative binomial for many small units.
///
/// Source: regularised incomplete gamma by series and Lentz's continued fraction (Numerical Recipes 6.2); quantile by
/// Newton steps from the Wilson-Hilferty start.
struct GammaDistribution {
    let shape: Double
    let scale: Double

    /// - Parameters: `mean` and `variance`, both positive.
    init(mean: Double, variance: Double) {
        shape = mean * mean / variance
        scale = variance / mean
    }

    func cumulative(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        guard shape < 1e5 else {
            // Wilson-Hilferty: the cube root of a gamma is close to normal, and the closer the larger the shape.
            let spread = 1 / (9 * shape)
            return UnitNormal.cumulative((cbrt(x / scale / shape) - 1 + spread) / spread.squareRoot())
        }
        return Self.regularised(shape, x / scale)
    }

    /// - Parameter accuracy: relative to the quantile; what is looked up roughly need not be computed exactly.
    func quantile(_ level: Double, accuracy: Double = 1e-11) -> Double {
        let z = UnitNormal.quantile(level)
        let spread = 1 / (9 * shape)
        let start = shape * pow(max(0, 1 - spread + z * spread.squareRoot()), 3)
        guard shape < 1e5 else { return scale * start }
        // Near zero the distribution is the power x^a / Gamma(a + 1), which inverts exactly.
        let small = exp((log(level) + lgamma(shape + 1)) / shape)
        return scale * refine(start > 0.05 * shape ? start : small, level: level, accuracy)
    }

    private func refine(_ start: Double, level: Double, _ accuracy: Double) -> Double {
        guard start > 1e-280 else { return 0 }
        var x = start
        var low = 0.0
        var high = Double.infinity
        for _ in 0..<60 {
            let error = Self.regularised(shape, x, accuracy: 1e-4 * accuracy) - level
            if error > 0 { high = x } else { low = x }
            let density = exp((shape - 1) * log(x) - x - lgamma(shape))
            var next = x - error / density
            if !(next > low && next < high) { next = high.isFinite ? 0.5 * (low + high) : 2 * x }
            if abs(next - x) <= accuracy * x { return next }
            x = next
        }
        return x
    }

    /// `P(a, x)`, the share of a unit-scale gamma with shape `a` at or below `x`.
    static func regularised(_ a: Double, _ x: Double, accuracy: Double = 1e-15) -> Double {
        guard x > 0 else { return 0 }
        let front = exp(a * log(x) - x - lgamma(a))
        let steps = 200 + 20 * Int(a.squareRoot())
        return x < a + 1
            ? min(1, front * series(a, x, steps, accuracy)) : max(0, 1 - front * fraction(a, x, steps, accuracy))
    }

    private static func series(_ a: Double, _ x: Double, _ steps: Int, _ accuracy: Double) -> Double {
        var term = 1 / a
        var sum = term
        for n in 1...steps {
            term *= x / (a + Double(n))
            sum += term
            if term < sum * 0.1 * accuracy { break }
        }
        return sum
    }

    private static func fraction(_ a: Double, _ x: Double, _ steps: Int, _ accuracy: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - a
        var c = 1 / tiny
        var d = 1 / (abs(b) < tiny ? tiny : b)
        var h = d
        for n in 1...steps {
            let factor = -Double(n) * (Double(n) - a)
            b += 2
            d = factor * d + b
            if abs(d) < tiny { d = tiny }
            c = b + factor / c
            if abs(c) < tiny { c = tiny }
            d = 1 / d
            h *= d * c
            if abs(d * c - 1) < accuracy { break }
        }
        return h
    }
}
