/// Shares a forecast of the whole among the leaves.
public enum TopDown {
    /// By each leaf's part in the demand of the past: the share of its sum in the sum of all.
    ///
    /// Source: Gross & Sohl (1990), "Disaggregation methods to expedite product line forecasting", J. Forecasting 9(3), method F.
    ///
    /// - Parameters:
    ///   - total: units.
    ///   - histories: of the leaves, shape `[leaves][periods]`; without any demand all share alike.
    public static func byHistory(_ total: Double, _ histories: [[Double]]) -> [Double] {
        shared(total, by: histories.map { $0.reduce(0, +) })
    }

    /// Level by level, by the parts' own forecasts.
    ///
    /// Source: Athanasopoulos, Ahmed, Hyndman (2009), "Hierarchical forecasts for Australian domestic tourism", Int. J.
    /// Forecasting 25(1), forecast proportions.
    ///
    /// - Parameters:
    ///   - node: from which the figures are shared out; those of its parts are only shares.
    ///   - base: a figure for each node, units, `>= 0`.
    /// - Returns: a figure for each leaf; 0 outside the node.
    public static func byForecast(_ node: Int, _ base: [Double], in hierarchy: Hierarchy) -> [Double] {
        var leaves = [Double](repeating: 0, count: hierarchy.leaves)
        var open = [(node: node, units: base[node])]
        while let (node, units) = open.popLast() {
            let parts = hierarchy.nodes[node].parts
            if parts.isEmpty {
                leaves[node - hierarchy.aggregates] += units
            } else {
                open += zip(parts, shared(units, by: parts.map { base[$0] })).map { (node: $0, units: $1) }
            }
        }
        return leaves
    }

    /// Shares in proportion; equal ones where all weights are zero.
    static func shared(_ total: Double, by weights: [Double]) -> [Double] {
        let largest = weights.max() ?? 0
        guard largest > 0 else { return weights.map { _ in total / Double(max(1, weights.count)) } }
        let sum = weights.reduce(0) { $0 + max(0, $1) / largest }
        return weights.map { total * (max(0, $0) / largest / sum) }
    }
}
