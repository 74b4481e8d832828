import Foundation

/// What an intermittent history says of itself at one moment, in figures without a unit, so that series can learn from each
/// other.
struct CountState: Sendable {
    typealias Figures = SIMD16<Float>

    /// What each figure tells, in order; the rest of the sixteen lanes is free for a learning row.
    static let names = [
        "constant", "level at 0.09", "level at 0.22", "level at 0.52", "share of periods with demand", "share at 0.09",
        "share at 0.22", "share at 0.52", "recent size", "adaptive level", "number of demands", "level in steps",
    ]
    /// Lanes of a learning row: what came, and how much it counts.
    static let outcomeLane = 12
    static let weightLane = 13

    let figures: Figures
    /// The slowest level, in which everything else is measured; units per period, 0 before the first demand.
    let reference: Double
    /// Plain mean and variance since the first demand.
    let mean: Double
    let variance: Double
    let count: Int

    /// Keeps the logarithm of a level or share that has faded to nothing finite.
    private static let levelFloor = 0.05
    private static let shareFloor = 0.02

    init(_ trace: DemandTrace, unit: Double) {
        (mean, variance, count, reference) = (trace.mean, trace.variance, trace.count, trace.levels[0])
        guard reference > 0, trace.events > 0 else {
            figures = .zero
            return
        }
        let (levels, often) = (trace.levels, trace.often)
        let scale = 1 / reference
        let first = LaneMath.logarithm(
            Lanes(
                levels[2] * scale + Self.levelFloor, levels[4] * scale + Self.levelFloor, levels[6] * scale + Self.levelFloor,
                trace.adaptiveLevel * scale + Self.levelFloor, often[0] + Self.shareFloor, often[2] + Self.shareFloor,
                often[4] + Self.shareFloor, often[6] + Self.shareFloor))
        let second = LaneMath.logarithm(
            Lanes(
                1 + Self.levelFloor, trace.sizes[1] / trace.sizes[0], Double(trace.events + 1), reference / unit, 1, 1, 1, 1))
        var figures = Figures.zero
        figures[0] = 1
        for place in 0..<3 { figures[1 + place] = Float(first[place] - second[0]) }
        figures[4] = Float(first[4])
        for place in 5..<8 { figures[place] = Float(first[place] - first[4]) }
        figures[8] = Float(second[1])
        figures[9] = Float(first[3] - second[0])
        figures[10] = Float(second[2] - 2)
        figures[11] = Float(min(max(second[3], -4), 4))
        self.figures = figures
    }

    /// The levels that the figures hold, from the third lane on, units per period: at 0.09, 0.22, 0.52, and the adaptive one.
    var levels: Lanes {
        let logarithms = Lanes(0, 0, Double(figures[1]), Double(figures[2]), Double(figures[3]), Double(figures[9]), 0, 0)
        let shares = LaneMath.exponential(logarithms) * Lanes(repeating: 1 + Self.levelFloor) - Lanes(repeating: Self.levelFloor)
        return shares.raised(to: .zero) * Lanes(repeating: reference)
    }

    /// A learning row: these figures, and what came next.
    func row(outcome: Double, weight: Double) -> Figures {
        var row = figures
        row[Self.outcomeLane] = Float(min(outcome / reference, 1e6))
        row[Self.weightLane] = Float(min(weight * reference, 1e6))
        return row
    }
}
