import Foundation

/// What one method expects of the periods ahead: means and how far demand may lie from them, before any pool is asked.
struct Outlook: Sendable {
    /// Units per period, `>= 0`.
    var means: [Double]
    /// Variance of the error of each period ahead, units squared.
    var variances: [Double]

    var isUsable: Bool { means.allSatisfy(\.isFinite) && variances.allSatisfy(\.isFinite) }

    /// The weighted mean of several; their disagreement counts as variance.
    static func average(_ outlooks: [Outlook], weights: [Double]) -> Outlook {
        guard let first = outlooks.first, outlooks.count > 1 else { return outlooks.first ?? Outlook(means: [], variances: []) }
        var total = Outlook(
            means: [Double](repeating: 0, count: first.means.count), variances: [Double](repeating: 0, count: first.means.count))
        for (outlook, weight) in zip(outlooks, weights) where weight > 0 {
            for period in total.means.indices { total.means[period] += weight * outlook.means[period] }
        }
        for (outlook, weight) in zip(outlooks, weights) where weight > 0 {
            for period in total.means.indices {
                let apart = outlook.means[period] - total.means[period]
                total.variances[period] += weight * (outlook.variances[period] + apart * apart)
            }
        }
        return total
    }

    /// Held between zero and four times the largest demand ever seen, so that no trend runs away.
    func guarded(largest: Double) -> Outlook {
        let cap = 4 * largest
        return Outlook(
            means: means.map { min(max($0, 0), cap) }, variances: variances.map { min(max($0, 0), cap * cap) })
    }

    /// The outlook of a demand of whose logarithms this is one: medians for means, which a long upper tail does not lift.
    var raised: Outlook {
        // Beyond e^50 times the mean nothing is meant; what is left is guarded later.
        let medians = means.map { exp(min($0, 50)) }
        return Outlook(means: medians, variances: zip(medians, variances).map { $0 * $0 * $1 })
    }

    func scaled(by factor: Double) -> Outlook {
        Outlook(means: means.map { $0 * factor }, variances: variances.map { $0 * factor * factor })
    }
}

/// A forecast made again from an earlier day, beside what then came.
struct Trial: Sendable {
    /// Periods that were known.
    let origin: Int
    /// What came, up to one horizon.
    let actual: [Double]
    private(set) var candidateCount = 0
    /// Means, then variances, of one candidate after the other, in shares of `unit`.
    ///
    /// A pool holds those of all its series, and seven digits of an expectation are enough.
    private var figures: [Float] = []
    private var unit = 1.0

    init(origin: Int, actual: ArraySlice<Double>) {
        self.origin = origin
        self.actual = Array(actual)
    }

    /// - Parameter unit: above zero, such that no mean is many times larger.
    mutating func keep(_ candidates: [Outlook], unit: Double) {
        self.unit = unit
        candidateCount = candidates.count
        figures = candidates.flatMap { outlook in
            outlook.means.map { Float($0 / unit) } + outlook.variances.map { Float($0 / unit / unit) }
        }
    }

    func mean(_ candidate: Int, ahead: Int) -> Double {
        unit * Double(figures[2 * candidate * actual.count + ahead])
    }

    func variance(_ candidate: Int, ahead: Int) -> Double {
        unit * unit * Double(figures[(2 * candidate + 1) * actual.count + ahead])
    }

    /// The weighted mean of the candidates; their disagreement counts as variance, as in `Outlook.average`.
    func mixture(_ weights: [Double], ahead: Int) -> (mean: Double, variance: Double) {
        var (mean, variance) = (0.0, 0.0)
        for (candidate, weight) in weights.enumerated() where weight > 0 { mean += weight * self.mean(candidate, ahead: ahead) }
        for (candidate, weight) in weights.enumerated() where weight > 0 {
            let apart = self.mean(candidate, ahead: ahead) - mean
            variance += weight * (self.variance(candidate, ahead: ahead) + apart * apart)
        }
        return (mean, variance)
    }
}
