/// Makes forecasts of all nodes of a hierarchy agree, changing each by as little as its own errors allow.
///
/// Of all ways to make unbiased forecasts agree that leave them unbiased, this one has the smallest total variance of errors.
/// With `C` the constraints (each aggregate less its parts) and `W` the covariance of the errors the reconciled forecasts are
/// `y - W C' (C W C')^-1 C y`, which is the projection of the source written with as many equations as there are aggregates. A
/// diagonal `W` leaves that system as sparse as the hierarchy; a shrunk covariance adds a term of one rank a period (Woodbury).
/// Both are solved exactly.
/// Source: Wickramasuriya, Athanasopoulos, Hyndman (2019), "Optimal forecast reconciliation for hierarchical and grouped time
/// series through trace minimization", J. Am. Stat. Assoc. 114(526), equations 9 and 11.
public struct MinimumTrace: Sendable {
    private let hierarchy: Hierarchy
    private let errors: ForecastErrors
    /// Aggregates in the order of the system's rows, children first.
    private let order: [Int]
    private let system: SparseSystem
    /// Of the shrunk part: `C R` and `B^-1 C R`, a vector a period, and the small system between them.
    private let shared: (columns: [[Double]], solved: [[Double]], small: SmallSystem)?

    /// - Parameter errors: of the nodes of the hierarchy, in their order.
    public init(_ hierarchy: Hierarchy, _ errors: ForecastErrors) {
        self.hierarchy = hierarchy
        self.errors = errors
        let order = (0..<hierarchy.aggregates).sorted {
            (hierarchy.nodes[$0].leaves.count, -$0) < (hierarchy.nodes[$1].leaves.count, -$1)
        }
        self.order = order
        var rowsOf = [[(row: Int, sign: Double)]](repeating: [], count: hierarchy.nodes.count)
        for (row, aggregate) in order.enumerated() {
            rowsOf[aggregate].append((row, 1))
            for part in hierarchy.nodes[aggregate].parts { rowsOf[part].append((row, -1)) }
        }
        let mean = errors.variances.reduce(0, +) / Double(max(1, errors.variances.count))
        var rows = [[Int: Double]](repeating: [:], count: order.count)
        for (node, entries) in rowsOf.enumerated() {
            let variance = errors.shrinkage * max(errors.variances[node], 1e-9 * mean)
            for one in entries {
                for other in entries where other.row <= one.row {
                    rows[one.row][other.row, default: 0] += one.sign * other.sign * variance
                }
            }
        }
        let system = SparseSystem(rows)
        self.system = system
        let periods = errors.errors.first?.count ?? 0
        let weight = (1 - errors.shrinkage) / Double(max(1, periods))
        guard periods > 0, weight > 0 else {
            shared = nil
            return
        }
        let columns = (0..<periods).map { period in Self.gaps(hierarchy, order, errors.errors.map { $0[period] }) }
        let solved = columns.map { system.solved($0) }
        let between = columns.indices.map { one in
            columns.indices.map { other in
                zip(columns[one], solved[other]).reduce(one == other ? 1 / weight : 0) { $0 + $1.0 * $1.1 }
            }
        }
        shared = SmallSystem(between).map { (columns, solved, $0) }
    }

    /// By how much each aggregate differs from the sum of its parts.
    private static func gaps(_ hierarchy: Hierarchy, _ order: [Int], _ figures: [Double]) -> [Double] {
        order.map { aggregate in
            hierarchy.nodes[aggregate].parts.reduce(figures[aggregate]) { $0 - figures[$1] }
        }
    }

    /// - Parameter base: a figure for each node, units.
    /// - Returns: the same, so that each aggregate is the sum of its leaves; leaves may come out negative.
    public func reconciled(_ base: [Double]) -> [Double] {
        let gaps = Self.gaps(hierarchy, order, base)
        var multipliers = system.solved(gaps)
        if let shared {
            let inner = shared.small.solved(
                shared.columns.map { column in zip(column, multipliers).reduce(0) { $0 + $1.0 * $1.1 } })
            for (column, factor) in zip(shared.solved, inner) {
                for row in multipliers.indices { multipliers[row] -= factor * column[row] }
            }
        }
        // What the constraints pull at each node, spread by the covariance.
        var pull = [Double](repeating: 0, count: base.count)
        for (row, aggregate) in order.enumerated() {
            pull[aggregate] += multipliers[row]
            for part in hierarchy.nodes[aggregate].parts { pull[part] -= multipliers[row] }
        }
        let mean = errors.variances.reduce(0, +) / Double(max(1, errors.variances.count))
        var figures = base.indices.map { base[$0] - errors.shrinkage * max(errors.variances[$0], 1e-9 * mean) * pull[$0] }
        if shared != nil, let periods = errors.errors.first?.count {
            let weight = (1 - errors.shrinkage) / Double(periods)
            for period in 0..<periods {
                let along = weight * zip(errors.errors, pull).reduce(0) { $0 + $1.0[period] * $1.1 }
                for node in figures.indices { figures[node] -= along * errors.errors[node][period] }
            }
        }
        // Rounding must not come between a sum and its parts.
        return hierarchy.summed(Array(figures[hierarchy.aggregates...]))
    }

    /// The same for demand, which is never negative: leaves that would be are held at zero and the rest reconciled again.
    ///
    /// Source: the idea of Wickramasuriya, Turlach, Hyndman (2020), "Optimal non-negative forecast reconciliation", Stat. Comput.
    /// 30, with leaves only ever added to those held.
    public func reconciledDemand(_ base: [Double]) -> [Double] {
        var figures = reconciled(base)
        var (held, known) = (Set<Int>(), base)
        for _ in 0..<8 {
            let negative = (hierarchy.aggregates..<base.count).filter { figures[$0] < 0 && !held.contains($0) }
            if negative.isEmpty { break }
            held.formUnion(negative)
            for leaf in negative { known[leaf] = 0 }
            figures = MinimumTrace(hierarchy, errors.certain(of: held)).reconciled(known)
        }
        return hierarchy.summed(figures[hierarchy.aggregates...].map { max(0, $0) })
    }
}

extension ForecastErrors {
    /// The same with some nodes known for certain.
    fileprivate func certain(of nodes: Set<Int>) -> ForecastErrors {
        ForecastErrors(
            variances: variances.enumerated().map { nodes.contains($0) ? 0 : $1 },
            errors: errors.enumerated().map { nodes.contains($0) ? $1.map { _ in 0 } : $1 }, shrinkage: shrinkage)
    }

    private init(variances: [Double], errors: [[Double]], shrinkage: Double) {
        self.variances = variances
        self.errors = errors
        self.shrinkage = shrinkage
    }
}
