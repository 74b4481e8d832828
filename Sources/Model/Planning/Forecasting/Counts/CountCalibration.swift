import Foundation

/// What a pool of intermittent series says together: how the level is read from what each says of itself, how demand spreads
/// around it, how much of an error the periods of a sum share, and which nominal quantile turned out to be worth which level.
struct CountCalibration: Sendable {
    let regression: LevelRegression
    /// `log(variance / unit^2) = intercept + slope * log(mean / unit)`, over the pool.
    private var intercept = 0.0
    private var slope = 1.0
    /// Correlation of the errors of two periods: what is wrong with the level is wrong in all of them.
    private(set) var correlation = 0.0
    /// One nominal level a requested one, for single periods and for sums.
    private(set) var periodLevels: [Double]
    private(set) var sumLevels: [Double]
    private(set) var scores: [ForecastExplanation.Figure] = []
    private(set) var trialCount = 0
    /// The regression's weights by name, for the explanation.
    let weights: [ForecastExplanation.Figure]

    /// Periods of history that the pool's spread weighs: single large demands make an item's own variance as uncertain over some
    /// forty periods as variances differ among similar items.
    private static let poolWeight = 40.0

    /// Mean and variance of the demand of one period.
    typealias Demand = (mean: Double, variance: Double)

    init(_ studies: [CountStudy], _ request: ForecastRequest) {
        let regression = LevelRegression(studies)
        self.regression = regression
        weights = CountState.names.indices.map {
            .init("\(CountState.names[$0]), weight", Double(regression.weights[$0]))
        }
        periodLevels = request.levels
        sumLevels = request.levels
        learnSpread(studies)
        let trials = PoolTrials(studies) { demand($0, $1) }
        trialCount = trials.judged.count
        guard trialCount > 0 else { return }
        learnCorrelation(trials)
        judgeCandidates(studies, trials)
        let shifts = LevelShifts(request.levels)
        periodLevels = shifts.best(trials, summed: 1) { seasoned($0, $1.first ?? 1) }
        if let length = request.protection { sumLevels = shifts.best(trials, summed: length) { sum($0, $1) } }
    }

    /// Taylor's law: over similar items the variance is a power of the mean. Source: Taylor (1961), Nature 189.
    private mutating func learnSpread(_ studies: [CountStudy]) {
        var (count, sumX, sumY, sumXX, sumXY) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for study in studies where study.now.mean > 0 && study.now.variance > 0 {
            let x = log(study.now.mean / study.unit)
            let y = log(study.now.variance / study.unit / study.unit)
            count += 1
            sumX += x
            sumY += y
            sumXX += x * x
            sumXY += x * y
        }
        guard count > 0 else { return }
        let spread = sumXX - sumX * sumX / count
        slope = count > 10 && spread > 1e-9 * count ? min(2, max(1, (sumXY - sumX * sumY / count) / spread)) : 1
        intercept = (sumY - slope * sumX) / count
        // The line runs through the logarithms; what is usual is the mean of the variances themselves.
        var above = 0.0
        for study in studies where study.now.mean > 0 && study.now.variance > 0 {
            above += min(study.now.variance / usualVariance(study.now, study), 100)
        }
        intercept += log(above / count)
    }

    private func usualVariance(_ state: CountState, _ study: CountStudy) -> Double {
        study.unit * study.unit * exp(intercept + slope * log(state.mean / study.unit))
    }

    func demand(_ state: CountState, _ study: CountStudy) -> Demand {
        let level = regression.level(state)
        guard level > 0, state.mean > 0 else { return (0, 0) }
        let count = Double(state.count)
        let variance = (count * state.variance + Self.poolWeight * usualVariance(state, study)) / (count + Self.poolWeight)
        // The spread was seen around the plain mean.
        let moved = seasoned((state.mean, variance), level / state.mean)
        return (level, max(moved.variance, 1e-12 * level * level))
    }

    /// A level that moves takes its spread along: at least in proportion, at most as it differs between items; half-way.
    func seasoned(_ demand: Demand, _ factor: Double) -> Demand {
        factor == 1 ? demand : (factor * demand.mean, pow(factor, 0.5 + 0.5 * slope) * demand.variance)
    }

    /// Mean and variance of some periods summed.
    ///
    /// - Parameter factors: what the season makes of each.
    func sum(_ demand: Demand, _ factors: ArraySlice<Double>) -> Demand {
        var (mean, variance, deviation) = (0.0, 0.0, 0.0)
        for factor in factors {
            let period = seasoned(demand, factor)
            mean += period.mean
            variance += period.variance
            deviation += period.variance.squareRoot()
        }
        return (mean, (1 - correlation) * variance + correlation * deviation * deviation)
    }

    private mutating func learnCorrelation(_ trials: PoolTrials) {
        var (shared, own) = (0.0, 0.0)
        for judged in trials.judged where judged.came.count > 1 && judged.demand.variance > 0 {
            let unit = 1 / judged.demand.variance.squareRoot()
            var (sum, squares) = (0.0, 0.0)
            for place in judged.came {
                let factor = trials.factor(place)
                let spread = factor == 1 ? 1 : (seasoned(judged.demand, factor).variance / judged.demand.variance).squareRoot()
                let error = min((trials.demands[place] - factor * judged.demand.mean) * unit / spread, 5)
                sum += error
                squares += error * error
            }
            shared += sum * sum - squares
            own += Double(judged.came.count - 1) * squares
        }
        guard own > 0 else { return }
        correlation = min(max(shared / own, 0), 0.5) * Double(trialCount) / Double(trialCount + 50)
    }

    private mutating func judgeCandidates(_ studies: [CountStudy], _ trials: PoolTrials) {
        let names = ["pool's regression", "plain mean", "level at 0.09", "level at 0.22", "level at 0.52", "adaptive level"]
        var errors = Lanes.zero
        for (judged, state) in zip(trials.judged, studies.lazy.flatMap(\.usefulTrials).map(\.state)) {
            var levels = state.levels
            levels[0] = judged.demand.mean
            levels[1] = state.mean
            var (came, usual) = (0.0, 0.0)
            for place in judged.came {
                came += trials.demands[place]
                usual += trials.factor(place)
            }
            let apart = levels - Lanes(repeating: came / max(usual, 1e-9))
            errors += (apart.raised(to: -apart) * Lanes(repeating: judged.scale)).held(.zero, Lanes(repeating: 20))
        }
        scores = names.indices.map { .init("\(names[$0]), error in the pool's trials", errors[$0] / Double(trialCount)) }
    }
}
