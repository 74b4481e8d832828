import Foundation

/// What each period of the season came to, followed from year to year at eight speeds at once.
///
/// The speeds are believed by how well they foretold the next year, and what they agree on is drawn towards no season at all by
/// as much of it as may be chance.
struct SeasonalSpeeds {
    private var sums: [Lanes]
    private var weights: [Lanes]
    private var squaredWeights: [Lanes]
    /// Squared errors of the next year, each divided by how much wider than one period's it is bound to be.
    private var errors = Lanes.zero
    private var errorCount = 0.0

    /// Share of a season's weight that is left one season later: from never fading to gone in three or four years.
    private static let keeps = Lanes(1, 0.96, 0.92, 0.87, 0.8, 0.7, 0.6, 0.45)
    /// Share of the likelihood that counts: the errors of one year hang together and are not all news.
    private static let trust = 0.1

    init(_ season: Int) {
        sums = [Lanes](repeating: .zero, count: season)
        weights = sums
        squaredWeights = sums
    }

    mutating func add(_ value: Double, to place: Int) {
        let value = Lanes(repeating: value)
        if weights[place][0] > 0 {
            let error = value - sums[place] / weights[place]
            errors += error * error / (.one + uncertainty(place))
            errorCount += 1
        }
        sums[place] = sums[place] * Self.keeps + value
        weights[place] = weights[place] * Self.keeps + .one
        squaredWeights[place] = squaredWeights[place] * Self.keeps * Self.keeps + .one
    }

    /// Variance of a weighted mean, in variances of what it is made of.
    private func uncertainty(_ place: Int) -> Lanes { squaredWeights[place] / (weights[place] * weights[place]) }

    /// One factor a period of the season, their mean at `centre`.
    func figure(around centre: Double) -> [Double] {
        let beliefs = beliefs
        var chance = 0.0
        let plain = sums.indices.map { place -> Double in
            guard weights[place][0] > 0 else { return centre }
            chance += (beliefs * errors * uncertainty(place)).sum() / max(1, errorCount)
            return (beliefs * sums[place] / weights[place]).sum()
        }
        let season = Double(plain.count)
        let mean = plain.reduce(0, +) / season
        let between = plain.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let share = season > 3 && between > 0 ? max(0, 1 - (season - 3) / season * chance / between) : 1
        return plain.map { centre == 0 ? share * ($0 - mean) : centre + share * ($0 / max(mean, 1e-9) - centre) }
    }

    private var beliefs: Lanes {
        let least = max(errors.min(), 1e-300)
        var beliefs = Lanes.zero
        for lane in 0..<8 {
            beliefs[lane] = exp(-0.5 * Self.trust * errorCount * log(max(errors[lane], 1e-300) / least))
        }
        return beliefs / beliefs.sum()
    }
}
