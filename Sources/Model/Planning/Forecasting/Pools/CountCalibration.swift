import Foundation

/// What a pool of intermittent series says together: which speeds of the level to believe, how demand spreads around it, and
/// which
/// nominal quantile turned out to be worth which level.
struct CountCalibration: Sendable {
    private(set) var prior = Lanes(repeating: 0.125)
    private(set) var trust = 0.5
    /// `log variance = intercept + slope * log mean`, over the pool.
    private var intercept = 0.0
    private var slope = 1.0
    /// One nominal level a requested one, for single periods and for sums.
    private(set) var periodLevels: [Double]
    private(set) var sumLevels: [Double]
    private(set) var trialCount = 0

    /// Periods of history that the pool's spread weighs.
    private static let poolWeight = 12.0
    private static let shifts = stride(from: -1.4, through: 1.41, by: 0.2).map { $0 }

    init(_ studies: [SeriesStudy], _ request: ForecastRequest) {
        periodLevels = request.levels
        sumLevels = request.levels
        let pool = studies.compactMap { study -> (study: SeriesStudy, now: LevelTrack, then: [LevelTrack])? in
            guard case .counts(let now, let then) = study.kind, now.levels.max() > 0 else { return nil }
            return (study, now, then)
        }
        guard !pool.isEmpty else { return }
        learnSpeeds(pool)
        learnSpread(pool)
        let trials = pool.flatMap { entry in
            zip(entry.study.trials, entry.then).map { (trial: $0, track: $1, study: entry.study) }
        }
        trialCount = trials.count
        periodLevels = calibrated(trials, request.levels, summed: 1)
        if let length = request.protection { sumLevels = calibrated(trials, request.levels, summed: length) }
    }

    /// Expectation maximisation over the pool for each trust; the trust whose levels came nearest in the trials.
    private mutating func learnSpeeds(_ pool: [(study: SeriesStudy, now: LevelTrack, then: [LevelTrack])]) {
        var best = Double.infinity
        for trust in [0.15, 0.4, 1] {
            var prior = Lanes(repeating: 0.125)
            for _ in 0..<4 {
                var sum = Lanes(repeating: 1)
                for entry in pool { sum += entry.now.beliefs(prior: prior, trust: trust) }
                prior = sum / sum.sum()
            }
            var error = 0.0
            for entry in pool {
                for (trial, track) in zip(entry.study.trials, entry.then) where track.levels.max() > 0 {
                    let level = (track.beliefs(prior: prior, trust: trust) * track.levels).sum()
                    for value in trial.actual {
                        error += abs(value - level) * abs(value - level) / (entry.study.step * entry.study.step)
                    }
                }
            }
            if error < best { (best, self.prior, self.trust) = (error, prior, trust) }
        }
    }

    private mutating func learnSpread(_ pool: [(study: SeriesStudy, now: LevelTrack, then: [LevelTrack])]) {
        var (count, sumX, sumY, sumXX, sumXY) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for entry in pool {
            let (level, square) = (mean(entry.now), ownSquare(entry.now))
            guard level > 0, square > 0 else { continue }
            let (x, y) = (log(level), log(square))
            count += 1
            sumX += x
            sumY += y
            sumXX += x * x
            sumXY += x * y
        }
        guard count > 0 else { return }
        let variance = sumXX - sumX * sumX / count
        slope = count > 10 && variance > 1e-9 * count ? min(2, max(1, (sumXY - sumX * sumY / count) / variance)) : 1
        intercept = (sumY - slope * sumX) / count
    }

    private func mean(_ track: LevelTrack) -> Double { (track.beliefs(prior: prior, trust: trust) * track.levels).sum() }
    private func ownSquare(_ track: LevelTrack) -> Double {
        (track.beliefs(prior: prior, trust: trust) * track.meanSquares).sum()
    }

    /// Mean and variance of one period, and how fast the level wanders off.
    func demand(_ track: LevelTrack) -> (mean: Double, variance: Double, wander: Double) {
        let beliefs = track.beliefs(prior: prior, trust: trust)
        let level = (beliefs * track.levels).sum()
        guard level > 0 else { return (0, 0, 0) }
        let own = (beliefs * track.meanSquares).sum()
        let pooled = exp(intercept + slope * log(level))
        let count = Double(track.count)
        let variance = (count * own + Self.poolWeight * pooled) / (count + Self.poolWeight)
        return (level, max(variance, 1e-12 * level * level), (beliefs * LevelTrack.alphas * LevelTrack.alphas).sum())
    }

    /// Mean and variance of `length` periods summed, of which the first lies `ahead` periods from now.
    func sum(_ demand: (mean: Double, variance: Double, wander: Double), length: Int, ahead: Int) -> (
        mean: Double, variance: Double
    ) {
        let periods = Double(length)
        // A one-step error lives on in the level by its speed: periods summed later share more of it.
        let shared = demand.wander.squareRoot()
        var growth = 0.0
        for period in 0..<length { growth += (1 + shared * Double(period)) * (1 + shared * Double(period)) }
        growth += periods * periods * demand.wander * Double(ahead)
        return (periods * demand.mean, demand.variance * growth)
    }

    private func calibrated(
        _ trials: [(trial: Trial, track: LevelTrack, study: SeriesStudy)], _ levels: [Double], summed length: Int
    ) -> [Double] {
        let grid = levels.map { level in Self.shifts.map { 1 / (1 + (1 / level - 1) * exp(-$0)) } }
        let order = grid.flatMap { $0 }.sorted()
        let places = grid.map { $0.map { level in order.firstIndex(of: level) ?? 0 } }
        var losses = grid.map { [Double](repeating: 0, count: $0.count) }
        var table: [Double] = []
        var judged = 0.0
        for (trial, track, study) in trials where trial.actual.count >= length {
            let spread = sum(demand(track), length: length, ahead: (trial.actual.count - length) / 2)
            CountTable.quantiles(
                mean: spread.mean, variance: spread.variance, grain: study.grain, levels: order, into: &table)
            let unit = 1 / study.step
            for start in trial.actual.startIndex...trial.actual.endIndex - length {
                let actual = length == 1 ? trial.actual[start] : trial.actual[start..<start + length].reduce(0, +)
                for row in levels.indices {
                    let level = levels[row]
                    for column in 0..<Self.shifts.count {
                        let apart = (actual - table[places[row][column]]) * unit
                        losses[row][column] += apart > 0 ? level * apart : (level - 1) * apart
                    }
                }
                judged += 1
            }
        }
        guard judged > 0 else { return levels }
        // Few trials say little: the unshifted level keeps the benefit of the doubt.
        return levels.indices.map { row in
            let best = Self.shifts.indices.min { losses[row][$0] < losses[row][$1] } ?? 0
            let shift = Self.shifts[best] * judged / (judged + 400)
            return 1 / (1 + (1 / levels[row] - 1) * exp(-shift))
        }
    }
}
