import Foundation

/// What a pool of regular series says together: which candidates to believe, and how far demand came to lie from what was
/// expected,
/// period by period ahead and for sums.
struct SpreadCalibration: Sendable {
    private(set) var weights: [Double] = []
    /// Shape `[levels][horizon]`, in the forecast's own standard deviations.
    private(set) var periods: [[Double]]
    /// Shape `[levels][first period of the sum]`.
    private(set) var sums: [[Double]] = []
    private(set) var scores: [Double] = []
    private(set) var trialCount = 0

    /// Errors that the normal shape weighs against those of the pool.
    private static let normalWeight = 25.0

    init(_ studies: [SeriesStudy], _ request: ForecastRequest) {
        let count = TrendCandidates.names.count
        let trials = studies.flatMap { study in
            study.trials.filter { $0.candidateCount == count }.map { (trial: $0, step: study.step) }
        }
        trialCount = trials.count
        let mixture = Self.mixture(trials, count)
        weights = mixture
        scores = (0..<count).map { place in
            Self.error(trials, (0..<count).map { $0 == place ? 1 : 0 }) / Double(max(1, trials.count))
        }
        let combined = trials.map { entry in
            (Outlook.average((0..<count).map(entry.trial.outlook), weights: mixture), entry.trial.actual)
        }
        var apart = [[Double]](repeating: [], count: request.horizon)
        for (outlook, actual) in combined {
            for (ahead, value) in actual.enumerated() where outlook.variances[ahead] > 0 {
                apart[ahead].append(Self.held((value - outlook.means[ahead]) / outlook.variances[ahead].squareRoot()))
            }
        }
        periods = Self.table(apart, request.levels)
        guard let length = request.protection, length <= request.horizon else { return }
        var summed = [[Double]](repeating: [], count: request.horizon - length + 1)
        for (outlook, actual) in combined where actual.count >= length {
            for first in 0...actual.count - length {
                let total = Self.sum(outlook, first: first, length: length)
                guard total.deviation > 0 else { continue }
                let value = actual[first..<first + length].reduce(0, +)
                summed[first].append(Self.held((value - total.mean) / total.deviation))
            }
        }
        sums = Self.table(summed, request.levels)
    }

    /// A history that hardly moved and then jumped says nothing of how wide others are: beyond ten deviations all is one.
    private static func held(_ deviations: Double) -> Double { min(max(deviations, -10), 10) }

    /// Mean of a sum and the deviation it would have with independent errors; what they share is in the pool's figures.
    static func sum(_ outlook: Outlook, first: Int, length: Int) -> (mean: Double, deviation: Double) {
        let range = first..<first + length
        return (outlook.means[range].reduce(0, +), outlook.variances[range].reduce(0, +).squareRoot())
    }

    /// How much a mixture's error above the least one in the trials speaks against it: as if a pool of any size were thirty
    /// independent errors, because what comes of all series in the same periods hangs together.
    private static let sharpness = 30.0

    /// All mixtures in quarters together, each by how near it came in the trials.
    ///
    /// The best one alone would be luck in part: a mixture that missed by one percent more counts three quarters of it. Before
    /// any trial those with much of the level are believed least, since it knows no trend.
    /// Source: Vovk (1998), "A game of prediction with expert advice", J. Computer and System Sciences 56(2).
    private static func mixture(_ trials: [(trial: Trial, step: Double)], _ count: Int) -> [Double] {
        let mixtures = Self.parts(of: 4, among: count).map { $0.map { Double($0) / 4 } }
        let errors = mixtures.map { error(trials, $0) }
        let least = max(errors.min() ?? 0, 1e-9)
        let evidence = Self.sharpness * Double(trials.count) / Double(trials.count + 20)
        let beliefs = zip(mixtures, errors).map { exp(-evidence * ($1 / least - 1) - 3 * $0[count - 1]) }
        let total = beliefs.reduce(0, +)
        return (0..<count).map { place in zip(mixtures, beliefs).reduce(0) { $0 + $1.0[place] * $1.1 } / total }
    }

    /// Every way to share out some parts among a few.
    private static func parts(of whole: Int, among count: Int) -> [[Int]] {
        guard count > 1 else { return [[whole]] }
        return (0...whole).flatMap { first in parts(of: whole - first, among: count - 1).map { [first] + $0 } }
    }

    private static func error(_ trials: [(trial: Trial, step: Double)], _ weights: [Double]) -> Double {
        trials.reduce(0) { sum, entry in
            var error = 0.0
            for (ahead, value) in entry.trial.actual.enumerated() {
                var mean = 0.0
                for place in weights.indices { mean += weights[place] * entry.trial.mean(place, ahead: ahead) }
                error += abs(value - mean)
            }
            return sum + min(error / Double(entry.trial.actual.count) / entry.step, 20)
        }
    }

    /// Quantiles of the errors seen at each distance and at its neighbours, drawn towards the normal's while they are few.
    private static func table(_ apart: [[Double]], _ levels: [Double]) -> [[Double]] {
        var table = levels.map { _ in [Double](repeating: 0, count: apart.count) }
        var known: [Double] = []
        for ahead in apart.indices {
            let near = (max(0, ahead - 1)...min(apart.count - 1, ahead + 1)).flatMap { apart[$0] }.sorted()
            // Beyond what any trial reached, the last known distance speaks.
            if !near.isEmpty { known = near }
            let count = Double(known.count)
            for (row, level) in levels.enumerated() {
                let normal = UnitNormal.quantile(level)
                guard !known.isEmpty else {
                    table[row][ahead] = normal
                    continue
                }
                let place = min(max(level * (count + 1) - 1, 0), count - 1)
                let (low, part) = (Int(place), place - place.rounded(.down))
                let seen = known[low] + part * (known[min(low + 1, known.count - 1)] - known[low])
                table[row][ahead] = (count * seen + normalWeight * normal) / (count + normalWeight)
            }
        }
        return table
    }
}
