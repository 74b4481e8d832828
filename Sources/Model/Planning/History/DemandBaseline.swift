import Foundation

/// What a period of the past would usually have brought: a level that moves slowly, times the usual share of its place in the
/// season.
///
/// Both are ratios of what was sold to the time in which it could be sold, so that a period without stock neither counts as one
/// without demand nor is left out: leaving out periods that sold out would leave out the strongest. The ratio stays right when
/// stock ends *because* demand was high (Wald's equation: what is sold until it ends is, on average, the rate times that time).
/// Source: Wald (1944), "On cumulative sums of random variables", Ann. Math. Stat. 15(3); seasonal shares are drawn towards one
/// as the mean of a gamma-Poisson model, Gelman et al. (2013), "Bayesian Data Analysis", 3rd ed., 2.6.
struct DemandBaseline {
    /// Units per whole period in stock, shape `[periods]`.
    let expected: [Double]

    /// Periods after which a sale says half as much of the level, where every period has sales; longer where they are rarer,
    /// since a ratio of few sales to the time that they took is too high.
    static let halfLife = 8.0
    /// How much the shares of a season differ, as a variance, before anything is known of them.
    static let seasonVariance = 0.15

    /// - Parameters:
    ///   - sold: units, shape `[periods]`.
    ///   - exposure: the time in which it was sold, in periods, shape `[periods]`; 0 leaves a period out.
    init(sold: [Double], exposure: [Double], season: Int) {
        let count = sold.count
        // What could not be sold does not count, whatever is recorded.
        let sold = zip(sold, exposure).map { $1 > 0 ? $0 : 0 }
        var shares = [Double](repeating: 1, count: max(1, season))
        var level = Self.level(sold, exposure)
        if season > 1, count >= 2 * season {
            for _ in 0..<3 {
                shares = Self.shares(sold, exposure, level, shares)
                level = Self.level(sold, (0..<count).map { exposure[$0] * shares[$0 % season] })
            }
        }
        expected = (0..<count).map { level[$0] * shares[$0 % shares.count] }
    }

    /// Sales against time, both fading to either side.
    private static func level(_ sold: [Double], _ exposure: [Double]) -> [Double] {
        let often = Double(sold.count { $0 > 0 }) / Double(sold.count)
        let keep = exp2(-1 / max(halfLife, 10 / max(often, 1e-3)))
        func faded(_ values: [Double]) -> [Double] {
            var forward = values
            for index in values.indices.dropFirst() { forward[index] += keep * forward[index - 1] }
            var running = 0.0
            for index in values.indices.reversed() {
                forward[index] += running
                running = keep * (running + values[index])
            }
            return forward
        }
        let overall = exposure.reduce(0, +)
        let mean = overall > 0 ? sold.reduce(0, +) / overall : 0
        // Far from anything that was sold the mean of all speaks.
        return zip(faded(sold), faded(exposure)).map { ($0 + 1e-3 * mean) / ($1 + 1e-3) }
    }

    private static func shares(_ sold: [Double], _ exposure: [Double], _ level: [Double], _ before: [Double]) -> [Double] {
        let season = before.count
        var sums = [Double](repeating: 0, count: season)
        var expected = sums
        var (squares, periods) = (0.0, 0.0)
        for index in sold.indices where exposure[index] > 0 && level[index] > 0 {
            let mean = level[index] * exposure[index]
            sums[index % season] += sold[index]
            expected[index % season] += mean
            let apart = sold[index] - mean * before[index % season]
            squares += apart * apart / (mean * before[index % season])
            periods += 1
        }
        let dispersion = squares / max(1, periods)
        let prior = max(dispersion / seasonVariance, 1e-12)
        let shares = zip(sums, expected).map { max(0.01, ($0 + prior) / ($1 + prior)) }
        let mean = shares.reduce(0, +) / Double(season)
        return shares.map { $0 / mean }
    }
}
