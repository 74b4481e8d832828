/// How much an item matters by the value that is used of it in a year.
public enum ValueClass: String, Sendable, Hashable, Codable, CaseIterable {
    case a, b, c

    /// Items sorted by annual use value; A makes up the first `upperShare` of the total, B what follows up to `middleShare`, C
    /// the rest.
    ///
    /// The item that crosses a border still belongs to the better class, so that a single large item is an A. Ties keep their
    /// order.
    ///
    /// - Parameter annualValues: shape `[items]`, currency per year; negative and NaN count as 0, which is always C.
    /// - Returns: shape `[items]`, in the order given.
    public static func classify(annualValues: [Double], upperShare: Double = 0.8, middleShare: Double = 0.95) -> [ValueClass] {
        let values = annualValues.map { $0 > 0 && $0.isFinite ? $0 : 0 }
        let total = values.reduce(0, +)
        var classes = [ValueClass](repeating: .c, count: values.count)
        var before = 0.0
        for index in values.indices.sorted(by: { (values[$0], $1) > (values[$1], $0) }) where values[index] > 0 {
            classes[index] = before < upperShare * total ? .a : before < middleShare * total ? .b : .c
            before += values[index]
        }
        return classes
    }
}

/// How steady the demand of an item is.
public enum VariationClass: String, Sendable, Hashable, Codable, CaseIterable {
    case x, y, z

    /// - Parameter variation: coefficient of variation of demand per period; NaN (no demand) is Z.
    public init(variation: Double, steadyBelow: Double = 0.5, unsteadyFrom: Double = 1) {
        self = variation < steadyBelow ? .x : variation < unsteadyFrom ? .y : .z
    }

    public init(_ history: DemandSeries) {
        let mean = history.mean
        let squares = history.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(variation: mean > 0 ? (squares / Double(max(1, history.count - 1))).squareRoot() / mean : .nan)
    }
}
