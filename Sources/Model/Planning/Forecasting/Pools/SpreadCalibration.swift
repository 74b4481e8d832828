import Foundation

/// What a pool of regular series says together: which candidates to believe, and how far demand came to lie from what was
/// expected,
/// period by period ahead and for sums.
struct SpreadCalibration: Sendable {
    private(set) var weights: [Double] = []
    /// Shape `[levels][horizon]`, in the forecast's own standard deviations.
    private(set) var periods: [[Double]] = []
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
        let mixtures = CandidateMixtures(count)
        let errors = mixtures.errors(trials)
        weights = Self.settled(mixtures.weights, errors, trials.count, count)
        scores = (0..<count).map { errors[mixtures.alone($0)] / Double(max(1, trials.count)) }
        let length = request.protection.flatMap { $0 <= request.horizon ? $0 : nil }
        var apart = [[Double]](repeating: [], count: request.horizon)
        var summed = [[Double]](repeating: [], count: length.map { request.horizon - $0 + 1 } ?? 0)
        var outlook = Outlook(means: [], variances: [])
        for (trial, _) in trials {
            outlook.means.removeAll(keepingCapacity: true)
            outlook.variances.removeAll(keepingCapacity: true)
            for (ahead, value) in trial.actual.enumerated() {
                let expected = trial.mixture(weights, ahead: ahead)
                outlook.means.append(expected.mean)
                outlook.variances.append(expected.variance)
                guard expected.variance > 0 else { continue }
                apart[ahead].append(Self.held((value - expected.mean) / expected.variance.squareRoot()))
            }
            guard let length, trial.actual.count >= length else { continue }
            for first in 0...trial.actual.count - length {
                let total = Self.sum(outlook, first: first, length: length)
                guard total.deviation > 0 else { continue }
                let value = trial.actual[first..<first + length].reduce(0, +)
                summed[first].append(Self.held((value - total.mean) / total.deviation))
            }
        }
        periods = Self.table(apart, request.levels)
        if length != nil { sums = Self.table(summed, request.levels) }
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

    /// All mixtures together, each by how near it came in the trials.
    ///
    /// The best one alone would be luck in part: a mixture that missed by one percent more counts three quarters of it. Before
    /// any trial those with much of the level, the last candidate, are believed least, since it knows no trend.
    /// Source: Vovk (1998), "A game of prediction with expert advice", J. Computer and System Sciences 56(2).
    private static func settled(_ mixtures: [[Double]], _ errors: [Double], _ trials: Int, _ count: Int) -> [Double] {
        let least = max(errors.min() ?? 0, 1e-9)
        let evidence = sharpness * Double(trials) / Double(trials + 20)
        let beliefs = zip(mixtures, errors).map { exp(-evidence * ($1 / least - 1) - 3 * $0[count - 1]) }
        let total = beliefs.reduce(0, +)
        return (0..<count).map { place in zip(mixtures, beliefs).reduce(0) { $0 + $1.0[place] * $1.1 } / total }
    }

    /// Quantiles of the errors seen at each distance and at its neighbours, drawn towards the normal's while they are few.
    private static func table(_ apart: [[Double]], _ levels: [Double]) -> [[Double]] {
        var table = levels.map { _ in [Double](repeating: 0, count: apart.count) }
        var known: [Double] = []
        let sorted = apart.map { $0.sorted() }
        for ahead in apart.indices {
            let near = sorted[max(0, ahead - 1)...min(apart.count - 1, ahead + 1)].reduce([], merged)
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

    /// Two ascending lists as one.
    private static func merged(_ first: [Double], _ second: [Double]) -> [Double] {
        guard !first.isEmpty else { return second }
        var merged: [Double] = []
        merged.reserveCapacity(first.count + second.count)
        var next = 0
        for value in first {
            while next < second.count, second[next] < value {
                merged.append(second[next])
                next += 1
            }
            merged.append(value)
        }
        return merged + second[next...]
    }
}
