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

    func scaled(by factor: Double) -> Outlook {
        Outlook(means: means.map { $0 * factor }, variances: variances.map { $0 * factor * factor })
    }
}

/// A forecast made again from an earlier day, beside what then came.
struct Trial: Sendable {
    /// Periods that were known.
    let origin: Int
    /// What came, up to one horizon.
    let actual: ArraySlice<Double>
    /// One outlook a candidate.
    var candidates: [Outlook] = []
}
