import Foundation

/// The normal distribution with mean 0 and standard deviation 1, on which safety factors are measured.
///
/// Source: `cumulative` by the complementary error function; `quantile` by Acklam's rational approximation, refined by two Halley
/// steps (absolute error below 1e-13 for levels in 1e-12 ... 1 - 1e-12); loss `G(k)` as in Silver, Pyke, Thomas, "Inventory and
/// Production Management in Supply Chains", appendix on the unit normal.
public enum UnitNormal {
    static let rootTwo = 2.0.squareRoot()
    static let rootTwoPi = (2 * Double.pi).squareRoot()

    /// Height of the bell at `z`.
    public static func density(_ z: Double) -> Double { exp(-0.5 * z * z) / rootTwoPi }

    /// Probability of a value at or below `z`.
    public static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / rootTwo) }

    /// Probability of a value above `z`, exact far out where `1 - cumulative(z)` would be 0.
    public static func upperTail(_ z: Double) -> Double { 0.5 * erfc(z / rootTwo) }

    /// The value that is not exceeded with probability `level`; minus or plus infinity at or beyond 0 and 1.
    public static func quantile(_ level: Double) -> Double {
        guard level > 0 else { return -.infinity }
        guard level < 1 else { return .infinity }
        guard level <= 0.5 else { return -lowerQuantile(1 - level) }
        return lowerQuantile(level)
    }

    /// Expected shortfall `G(k) = E[(Z - k)+] = phi(k) - k (1 - Phi(k))`, in standard deviations.
    public static func loss(_ k: Double) -> Double { max(0, density(k) - k * upperTail(k)) }

    /// The `k` whose loss is `loss`: any real number, because a large order quantity allows negative safety factors.
    ///
    /// - Parameter loss: expected shortfall in standard deviations; 0 or less gives plus infinity.
    public static func lossInverse(_ loss: Double) -> Double {
        guard loss > 0 else { return .infinity }
        var low = -loss - 1
        var high = 40.0
        var k = loss < 0.3 ? 1.0 : -loss
        for _ in 0..<200 {
            let error = self.loss(k) - loss
            if error > 0 { low = k } else { high = k }
            // Newton on log G is nearly straight far out; the bracket catches what it throws too far.
            let value = self.loss(k)
            let step = value > 0 ? value * log(value / loss) / upperTail(k) : .infinity
            let next = k + step
            let chosen = next > low && next < high ? next : 0.5 * (low + high)
            if abs(chosen - k) <= 1e-14 * max(1, abs(k)) { return chosen }
            k = chosen
        }
        return k
    }

    /// Acklam's approximation (relative error 1.15e-9) for `level <= 0.5`, then Halley steps against `erfc`.
    private static func lowerQuantile(_ level: Double) -> Double {
        var z = level < 0.02425 ? tailStart(level) : centralStart(level)
        // Below 1e-300 the bell's inverse overflows, and the start is as good as anyone can use.
        guard level > 1e-300 else { return z }
        for _ in 0..<2 {
            let error = (cumulative(z) - level) * rootTwoPi * exp(0.5 * z * z)
            z -= error / (1 + 0.5 * z * error)
        }
        return z
    }

    private static func tailStart(_ level: Double) -> Double {
        let q = (-2 * log(level)).squareRoot()
        let c = [
            -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00,
            2.938163982698783e+00,
        ]
        let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1]
        return polynomial(c, q) / polynomial(d, q)
    }

    private static func centralStart(_ level: Double) -> Double {
        let q = level - 0.5
        let r = q * q
        let a = [
            -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01,
            2.506628277459239e+00,
        ]
        let b = [
            -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01,
            1,
        ]
        return q * polynomial(a, r) / polynomial(b, r)
    }

    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { $0 * x + $1 }
    }
}
