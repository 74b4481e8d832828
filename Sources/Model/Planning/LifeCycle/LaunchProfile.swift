import Foundation

/// How demand for items of a kind begins: the course that it takes with age, and how high it comes to stand.
///
/// Learnt from the first periods of analogues, which may be one named item or all of a class. A new item's level is a
/// gamma-distributed unknown around theirs; each period of its own that is known draws the level to itself (gamma-Poisson, with
/// the dispersion of the analogues). Source: Gelman et al. (2013), "Bayesian Data Analysis", 3rd ed., 2.6; forecasting by analogy
/// as in Kahn (2006), "New Product Forecasting", chapter 6.
public struct LaunchProfile: Sendable, Hashable {
    /// An item whose demand began as the new one's is expected to.
    public struct Analogue: Sendable, Hashable {
        public let name: String
        /// Units per period since it was first sold.
        public let sinceLaunch: [Double]
        /// How alike it is, against the others; `> 0`.
        public let weight: Double

        public init(_ name: String, _ history: DemandSeries, weight: Double = 1) {
            self.name = name
            let first = history.values.firstIndex { $0 > 0 } ?? history.count
            sinceLaunch = Array(history.values[first...])
            self.weight = weight
        }
    }

    public let analogues: [Analogue]
    /// Demand at each age as a share of the level, shape `[ages]`; 1 on average.
    public let course: [Double]
    /// Units per period at which the analogues stood on average.
    public let level: Double
    /// Squared coefficient of variation of their levels.
    public let variation: Double
    /// Variance by mean of a period's demand, units.
    let dispersion: Double
    let grain: Double

    /// When a single analogue says nothing of how much levels differ: a factor of about two to either side.
    public static let assumedVariation = 0.5

    /// Nil when no analogue was ever sold or has a weight.
    public init?(_ analogues: [Analogue]) {
        let known = analogues.filter { $0.weight > 0 && $0.weight.isFinite && !$0.sinceLaunch.isEmpty }
        guard let ages = known.map(\.sinceLaunch.count).max() else { return nil }
        self.analogues = known
        let total = known.reduce(0) { $0 + $1.weight }
        let levels = known.map { $0.sinceLaunch.reduce(0, +) / Double($0.sinceLaunch.count) }
        let level = zip(known, levels).reduce(0) { $0 + $1.0.weight * $1.1 } / total
        self.level = level
        if known.count > 1 {
            let spread = zip(known, levels).reduce(0) { $0 + $1.0.weight * ($1.1 - level) * ($1.1 - level) } / total
            // Weights that are all on one analogue leave little to tell a spread from.
            let effective = total * total / known.reduce(0) { $0 + $1.weight * $1.weight }
            let seen = spread / (level * level) * effective / max(effective - 1, 0.5)
            variation = max(0.05, (seen * (effective - 1) + Self.assumedVariation) / effective)
        } else {
            variation = Self.assumedVariation
        }
        let raw = (0..<ages).map { age -> Double in
            let there = zip(known, levels).filter { age < $0.0.sinceLaunch.count }
            let weight = there.reduce(0) { $0 + $1.0.weight }
            return there.reduce(0) { $0 + $1.0.weight * $1.0.sinceLaunch[age] / $1.1 } / weight
        }
        let course = Self.smoothed(raw)
        self.course = course
        var (squares, count) = (0.0, 0.0)
        for (analogue, level) in zip(known, levels) {
            for (age, value) in analogue.sinceLaunch.enumerated() where course[age] > 0 {
                let mean = level * course[age]
                squares += analogue.weight * (value - mean) * (value - mean) / mean
                count += analogue.weight
            }
        }
        dispersion = max(squares / max(count, 1e-300), 1e-6 * level)
        grain = DemandSeries(trusted: known.flatMap(\.sinceLaunch), season: 1).grain
    }

    /// Neighbouring ages share what they know: with few analogues a single period is mostly chance.
    private static func smoothed(_ raw: [Double]) -> [Double] {
        let smooth = raw.indices.map { age in
            let near = raw[max(0, age - 1)...min(raw.count - 1, age + 1)]
            return near.reduce(0, +) / Double(near.count)
        }
        let mean = smooth.reduce(0, +) / Double(smooth.count)
        return smooth.map { $0 / mean }
    }

    /// The course at an age; beyond what any analogue reached, the mean of their last quarter.
    func share(_ age: Int) -> Double {
        guard age >= course.count else { return course[age] }
        let last = course.suffix(max(1, course.count / 4))
        return last.reduce(0, +) / Double(last.count)
    }

    /// - Parameters:
    ///   - own: what was asked for of the new item since its launch, units per period; empty before it.
    ///   - expected: units per period that a planner expects at its level; nil to take the analogues' own.
    /// - Throws: `.invalidDemand` for a demand or an expectation that cannot be.
    public func forecast(own: [Double], expected: Double? = nil, _ request: ForecastRequest) throws(ForecastError)
        -> SeriesForecast
    {
        for (period, value) in own.enumerated() where !(value >= 0 && value <= DemandSeries.largest) {
            throw .invalidDemand(period: period, value: value)
        }
        if let expected, !(expected > 0 && expected <= DemandSeries.largest) {
            throw .invalidDemand(period: own.count, value: expected)
        }
        let prior = expected ?? level
        // A larger item varies more, in the same proportion.
        let dispersion = dispersion * prior / level
        let sold = own.reduce(0, +) / dispersion
        let time = own.indices.reduce(0) { $0 + share($1) } / dispersion
        let shape = 1 / variation + sold
        let mean = shape / (1 / (variation * prior) + time)
        let shares = (0..<request.horizon).map { share(own.count + $0) }
        let average = max(shares.reduce(0, +) / Double(shares.count), 1e-300)
        let deviation = (dispersion * mean * average).squareRoot()
        let weight = time / (time + 1 / (variation * prior))
        let names = analogues.map { "\($0.name) (\(short(100 * $0.weight / analogues.reduce(0) { $0 + $1.weight })) %)" }
        let list = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        return SeriesForecast(
            method: "analogue", mean: shares.map { mean * $0 },
            spread: ForecastSpread(
                deviation: deviation, levelVariance: mean * mean * average * average / shape, scales: shares.map { $0 / average },
                shape: .matched(grain: grain)),
            levels: request.levels, residualDeviation: deviation,
            explanation: ForecastExplanation(
                reason: own.isEmpty
                    ? "A new item: its demand is expected to begin as that of its analogues did."
                    : "A new item: \(own.count) periods of its own draw the level of its analogues to themselves.",
                parameters: [
                    .init("level of the analogues", level), .init("level expected at first", prior), .init("level", mean),
                    .init("weight of its own demand", weight),
                ],
                notes: ["Analogues: \(list)."])
        ).summed(request)
    }
}
