/// What is remembered of a history while walking through it: how much and how often was asked for, at eight speeds of forgetting.
///
/// Means that discount older periods and need no first value, of the demand itself and of whether there was any; the size of
/// single demands, which is news only when there is one; and how well each speed foretold the next period.
/// Source: Brown (1959) for the levels; Teunter, Syntetos, Babai (2011), "Intermittent demand: linking forecasting to inventory
/// obsolescence", Eur. J. Oper. Res. 214(3), for following size and occurrence apart.
struct DemandTrace: Sendable {
    static let speeds = Lanes(0.02, 0.05, 0.09, 0.14, 0.22, 0.34, 0.52, 0.8)
    static let sizeSpeeds = SIMD2(0.05, 0.2)

    private(set) var count = 0
    private(set) var events = 0
    private var total = 0.0
    private var squareTotal = 0.0
    /// Periods, each counted with its factor of the season; the squares of those factors, and what came in proportion to them.
    private var exposure = 0.0
    private var squaredExposure = 0.0
    private var exposedTotal = 0.0
    /// What the levels rest on where periods differ.
    private var weights = Lanes.zero
    /// Units per period, one a speed.
    private(set) var levels = Lanes.zero
    /// Share of periods with demand, one a speed.
    private(set) var often = Lanes.zero
    private(set) var sizes = SIMD2<Double>.zero
    private var squares = Lanes.zero
    private var errors = 0.0
    private var sizeWeights = SIMD2<Double>.zero

    /// Weight of the newest period, so that all weights sum to one from the first period on.
    private static let gains: [Lanes] = {
        var weights = Lanes.zero
        return (0..<512).map { _ in
            weights = weights * (.one - speeds) + .one
            return .one / weights
        }
    }()

    /// - Parameter factor: what the season makes of the level in this period; above zero.
    mutating func add(_ value: Double, factor: Double) {
        weights = weights * (.one - Self.speeds) + Lanes(repeating: factor)
        exposure += factor
        squaredExposure += factor * factor
        exposedTotal += factor * value
        add(value, expecting: Lanes(repeating: factor), gain: .one / weights)
    }

    mutating func add(_ value: Double) {
        exposure += 1
        squaredExposure += 1
        exposedTotal += value
        add(value, expecting: .one, gain: Self.gains[min(count, Self.gains.count - 1)])
    }

    private mutating func add(_ value: Double, expecting factor: Lanes, gain: Lanes) {
        let error = Lanes(repeating: value) - factor * levels
        if count >= 1 {
            // The first error is that of a single period, and stands only until there is a second.
            let kept = count == 2 ? 0 : 0.985
            squares = squares * Lanes(repeating: kept) + error * error
            errors = errors * kept + 1
        }
        levels += gain * error
        often += gain * (Lanes(repeating: value > 0 ? 1 : 0) - factor * often)
        total += value
        squareTotal += value * value
        count += 1
        guard value > 0 else { return }
        sizeWeights = sizeWeights * (SIMD2(1, 1) - Self.sizeSpeeds) + SIMD2(1, 1)
        sizes += (SIMD2(value, value) - sizes) / sizeWeights
        events += 1
    }

    /// Of a period with the factor one.
    var mean: Double { exposure > 0 ? total / exposure : 0 }

    /// Variance around the plain mean, units squared.
    var variance: Double {
        guard count > 1 else { return 0 }
        return max(0, squareTotal + mean * (mean * squaredExposure - 2 * exposedTotal)) / Double(count - 1)
    }

    /// Mean of the squared one-step errors of each speed, recent ones counting more.
    var meanSquares: Lanes { errors > 0 ? squares / Lanes(repeating: errors) : .zero }

    /// The level that follows this series as fast as it moved: each speed counts by how well it foretold.
    ///
    /// Errors of one series hang together and are not all news, so only part of their likelihood counts.
    var adaptiveLevel: Double {
        let squares = meanSquares.raised(to: Lanes(repeating: 1e-300))
        let apart = LaneMath.logarithm(squares / Lanes(repeating: squares.min()))
        let beliefs = LaneMath.exponential(apart * Lanes(repeating: -0.2 * errors))
        return (beliefs * levels).sum() / beliefs.sum()
    }
}
