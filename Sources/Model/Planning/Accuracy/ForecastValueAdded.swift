/// What each step of a forecast's making was worth: the error before it less the error after it.
///
/// A step that people spend time on and that makes the forecast worse is better left out; without this table nobody notices.
/// Source: Gilliland (2010), "The Business Forecasting Deal", chapter 4.
public struct ForecastValueAdded: Sendable, Hashable, Codable {
    public struct Step: Sendable, Hashable, Codable {
        /// "naive", "statistical", "override", or a person.
        public let name: String
        public let wape: Double?
        public let bias: Double?
        /// WAPE of the step before less that of this one: positive when the step helped. Nil for the first.
        public let added: Double?
        /// The same against the first step.
        public let addedToFirst: Double?
    }

    public let steps: [Step]

    /// - Parameters:
    ///   - actual: shape `[periods]`, units.
    ///   - steps: in the order they are made, each with its forecast of the same periods.
    /// - Throws: `PolicyError` when the shapes differ.
    public init(actual: [Double], steps: [(name: String, forecast: [Double])]) throws(PolicyError) {
        var sums: [(String, AccuracySums)] = []
        for step in steps { sums.append((step.name, try AccuracySums(actual: actual, forecast: step.forecast))) }
        self.init(sums)
    }

    /// Of many series: the sums of each step over the same series.
    public init(_ steps: [(name: String, sums: AccuracySums)]) {
        self.steps = steps.enumerated().map { index, step in
            func gain(over other: Int) -> Double? {
                guard index > 0, let before = steps[other].sums.wape, let after = step.sums.wape else { return nil }
                return before - after
            }
            return Step(
                name: step.name, wape: step.sums.wape, bias: step.sums.bias, added: gain(over: index - 1),
                addedToFirst: gain(over: 0))
        }
    }
}
