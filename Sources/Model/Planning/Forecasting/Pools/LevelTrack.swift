import Foundation

/// A level that follows demand at eight speeds at once.
///
/// Each is a mean that discounts older periods by `1 - alpha` and needs no first value: at `alpha = 0` it is the plain mean.
/// Source: simple exponential smoothing as in Brown (1959), with weights that sum to one in every period.
struct LevelTrack: Sendable {
    static let alphas = Lanes(0.02, 0.05, 0.09, 0.14, 0.22, 0.34, 0.52, 0.8)

    /// Units per period, one a speed.
    private(set) var levels = Lanes.zero
    /// Mean of the squared one-step errors, recent ones counting more.
    private(set) var meanSquares = Lanes.zero
    private(set) var count = 0

    private var sums = Lanes.zero
    private var weights = Lanes.zero
    private var squares = Lanes.zero
    private var errors = 0.0

    init(_ values: ArraySlice<Double>) {
        for value in values { add(value) }
    }

    mutating func add(_ value: Double) {
        if count >= 2 {
            let error = Lanes(repeating: value) - levels
            squares = squares * 0.985 + error * error
            errors = errors * 0.985 + 1
            meanSquares = squares / errors
        } else if count == 1 {
            let apart = value - levels[0]
            meanSquares = Lanes(repeating: apart * apart)
        }
        let keep = Lanes.one - Self.alphas
        sums = sums * keep + Lanes(repeating: value)
        weights = weights * keep + .one
        levels = sums / weights
        count += 1
    }

    /// How much each speed is believed, for what the pool thinks of it and how well it followed this series.
    ///
    /// - Parameter trust: share of the likelihood that counts; errors of one series hang together and are not all news.
    func beliefs(prior: Lanes, trust: Double) -> Lanes {
        let least = max(meanSquares.min(), 1e-300)
        var beliefs = Lanes.zero
        for lane in 0..<8 {
            beliefs[lane] = prior[lane] * exp(-0.5 * trust * errors * log(max(meanSquares[lane], 1e-300) / least))
        }
        return beliefs / beliefs.sum()
    }

    func outlook(_ horizon: Int) -> Outlook {
        let beliefs = beliefs(prior: .one, trust: 0.5)
        let level = (beliefs * levels).sum()
        let square = (beliefs * meanSquares).sum()
        let wander = (beliefs * Self.alphas * Self.alphas).sum()
        return Outlook(
            means: [Double](repeating: level, count: horizon), variances: (0..<horizon).map { square * (1 + Double($0) * wander) }
        )
    }
}
