/// A forecast with what people made of it: the statistical figures, and beside them those that hold.
///
/// An override of any node is shared among its leaves in proportion to their statistical figures, and moves every other sum that
/// they belong to. Where overrides overlap the leaves are those that meet all of them and are otherwise as near to the
/// statistical ones as can be (in relative entropy). Source: Deming & Stephan (1940), "On a least squares adjustment of a sampled
/// frequency table when the expected marginal totals are known", Ann. Math. Stat. 11(4): iterative proportional fitting.
public struct OverriddenForecast: Sendable, Hashable {
    public let hierarchy: Hierarchy
    /// Units, shape `[nodes][horizon]`: sums of the leaves as the methods forecast them.
    public let statistical: [[Double]]
    /// Units, shape `[nodes][horizon]`: what holds.
    public let final: [[Double]]
    /// Those that hold, by node and period; of two for the same the later made.
    public let applied: [Applied]

    public struct Applied: Sendable, Hashable {
        public let override: PlannerOverride
        public let period: Int
        /// Units of the node, before and after.
        public let statistical: Double
        public let asked: Double
    }

    /// - Parameter statistical: of the leaves, units, shape `[leaves][horizon]`, `>= 0`.
    /// - Throws: `.impossible`, `.conflict`.
    public init(
        _ hierarchy: Hierarchy, statistical: [[Double]], _ overrides: [PlannerOverride]
    ) throws(OverrideRefusal) {
        self.hierarchy = hierarchy
        let horizon = statistical.map(\.count).min() ?? 0
        let nodes = hierarchy.summed(statistical)
        self.statistical = nodes
        var applied: [Applied] = []
        for (place, override) in overrides.enumerated() {
            guard hierarchy.nodes.indices.contains(override.node), override.figure.isPossible, override.first >= 0,
                override.first <= override.last, override.last < horizon
            else { throw .impossible(override: place) }
            for period in override.first...override.last {
                applied.removeAll {
                    $0.override.node == override.node && $0.period == period && $0.override.madeAt <= override.madeAt
                }
                if applied.contains(where: { $0.override.node == override.node && $0.period == period }) { continue }
                let before = nodes[override.node][period]
                applied.append(
                    Applied(
                        override: override, period: period, statistical: before, asked: override.figure.applied(to: before)))
            }
        }
        self.applied = applied
        var leaves = statistical.map { Array($0.prefix(horizon)) }
        for period in Set(applied.map(\.period)).sorted() {
            let asked = applied.filter { $0.period == period }
            let shared = try Self.shared(hierarchy, leaves.map { $0[period] }, asked)
            for leaf in leaves.indices { leaves[leaf][period] = shared[leaf] }
        }
        final = hierarchy.summed(leaves)
    }

    private static func shared(
        _ hierarchy: Hierarchy, _ statistical: [Double], _ asked: [Applied]
    ) throws(OverrideRefusal) -> [Double] {
        var leaves = statistical
        // Where nothing was forecast all leaves share alike; where nothing is wanted nothing is left to share.
        for entry in asked where entry.asked > 0 {
            let members = hierarchy.nodes[entry.override.node].leaves
            guard members.allSatisfy({ leaves[$0] == 0 }) else { continue }
            for leaf in members { leaves[leaf] = entry.asked / Double(members.count) }
        }
        // The wide ones first, so that the narrow ones have the last word while they draw near.
        let ordered = asked.sorted {
            (hierarchy.nodes[$0.override.node].leaves.count, $1.override.node) > (
                hierarchy.nodes[$1.override.node].leaves.count, $0.override.node
            )
        }
        func reached(_ entry: Applied) -> Double { hierarchy.nodes[entry.override.node].leaves.reduce(0) { $0 + leaves[$1] } }
        for _ in 0..<10_000 {
            for entry in ordered {
                let sum = reached(entry)
                guard sum > 0, sum != entry.asked else { continue }
                for leaf in hierarchy.nodes[entry.override.node].leaves { leaves[leaf] *= entry.asked / sum }
            }
            if ordered.allSatisfy({ abs(reached($0) - $0.asked) <= 1e-9 * max($0.asked, 1e-300) }) { break }
        }
        for entry in ordered where abs(reached(entry) - entry.asked) > 1e-6 * max(entry.asked, 1e-300) {
            throw .conflict(
                node: hierarchy.nodes[entry.override.node].label, period: entry.period, asked: entry.asked,
                reached: reached(entry))
        }
        return leaves
    }

    /// What a leaf's statistical forecast becomes, quantiles included.
    ///
    /// - Parameter leaf: counts the leaves alone.
    public func adjustment(ofLeaf leaf: Int) -> ForecastAdjustment {
        let (before, after) = (statistical[hierarchy.aggregates + leaf], final[hierarchy.aggregates + leaf])
        return ForecastAdjustment(
            factors: zip(before, after).map { $0 > 0 ? $1 / $0 : 1 }, additions: zip(before, after).map { $0 > 0 ? 0 : $1 })
    }

    /// What each step was worth at one node, once the demand is known.
    ///
    /// - Parameters:
    ///   - actual: units, shape `[periods]`, at most the horizon.
    ///   - naive: the forecast that costs nothing, of the same periods.
    /// - Throws: `PolicyError` when the shapes differ.
    public func valueAdded(node: Int, actual: [Double], naive: [Double]) throws(PolicyError) -> ForecastValueAdded {
        try ForecastValueAdded(
            actual: actual,
            steps: [
                ("naive", naive), ("statistical", Array(statistical[node].prefix(actual.count))),
                ("override", Array(final[node].prefix(actual.count))),
            ])
    }
}
