/// How the one-step errors of all nodes of a hierarchy spread and hang together.
///
/// The covariance is that of the errors, its correlations drawn towards none by as much as chance explains of them.
/// Source: Schäfer & Strimmer (2005), "A shrinkage approach to large-scale covariance matrix estimation", Stat. Appl. Genet. Mol.
/// Biol. 4(1), with the target of a diagonal matrix; for reconciliation, Wickramasuriya, Athanasopoulos, Hyndman (2019).
public struct ForecastErrors: Sendable, Hashable {
    /// Units squared, shape `[nodes]`.
    public let variances: [Double]
    /// Shape `[nodes][periods]`; empty when only variances are known.
    let errors: [[Double]]
    /// How far correlations are drawn towards none, 0 ... 1.
    public let shrinkage: Double

    /// Errors of different nodes are taken not to hang together.
    public init(variances: [Double]) {
        self.variances = variances.map { $0 > 0 ? $0 : 0 }
        errors = []
        shrinkage = 1
    }

    /// - Parameter errors: one-step errors, units, shape `[nodes][periods]`, at least two periods.
    public init(_ errors: [[Double]]) {
        let periods = errors.map(\.count).min() ?? 0
        let variances = errors.map { row in row.prefix(periods).reduce(0) { $0 + $1 * $1 } / Double(max(1, periods)) }
        self.variances = variances
        guard periods >= 2 else {
            (self.errors, shrinkage) = ([], 1)
            return
        }
        self.errors = errors.map { Array($0.prefix(periods)) }
        shrinkage = Self.shrinkage(self.errors, variances, periods)
    }

    /// Sums over all pairs of nodes by way of pairs of periods, of which there are fewer.
    private static func shrinkage(_ errors: [[Double]], _ variances: [Double], _ periods: Int) -> Double {
        let standard = zip(errors, variances).filter { $1 > 0 }.map { row, variance in row.map { $0 / variance.squareRoot() } }
        let count = Double(periods)
        var (gram, squares, own) = (0.0, 0.0, 0.0)
        for one in 0..<periods {
            for other in 0...one {
                let together = standard.reduce(0) { $0 + $1[one] * $1[other] }
                gram += (one == other ? 1 : 2) * together * together
            }
            let square = standard.reduce(0) { $0 + $1[one] * $1[one] }
            squares += square * square
        }
        // The pairs of a node with itself: correlation 1, and the variance of its squared errors.
        for row in standard { own += row.reduce(0) { $0 + $1 * $1 * $1 * $1 } }
        let correlations = gram / (count * count) - Double(standard.count)
        let moments = squares - own - correlations * count
        let chance = moments * count / ((count - 1) * (count - 1) * (count - 1))
        guard correlations > 1e-12 else { return 1 }
        return min(max(chance / correlations, 0.02), 1)
    }
}
