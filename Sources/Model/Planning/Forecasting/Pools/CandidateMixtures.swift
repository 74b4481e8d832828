/// Every way to share out four quarters among a few candidates, and how near each would have come in trials.
struct CandidateMixtures {
    /// Shape `[mixtures][candidates]`.
    let weights: [[Double]]
    /// The same with eight mixtures side by side; shape `[candidates][blocks]`.
    private let lanes: [[Lanes]]

    init(_ candidates: Int) {
        let weights = Self.parts(of: 4, among: candidates).map { $0.map { Double($0) / 4 } }
        self.weights = weights
        lanes = (0..<candidates).map { candidate in
            stride(from: 0, to: weights.count, by: 8).map { first in
                var block = Lanes.zero
                for lane in 0..<min(8, weights.count - first) { block[lane] = weights[first + lane][candidate] }
                return block
            }
        }
    }

    /// The place of the mixture that is one candidate.
    func alone(_ candidate: Int) -> Int { weights.firstIndex { $0[candidate] == 1 } ?? 0 }

    private static func parts(of whole: Int, among count: Int) -> [[Int]] {
        guard count > 1 else { return [[whole]] }
        return (0...whole).flatMap { first in parts(of: whole - first, among: count - 1).map { [first] + $0 } }
    }

    /// Mean absolute errors in steps of their series, twenty at most, summed over the trials; one a mixture.
    func errors(_ trials: [(trial: Trial, step: Double)]) -> [Double] {
        let blocks = lanes.first?.count ?? 0
        var total = [Lanes](repeating: .zero, count: blocks)
        var own = total
        for (trial, step) in trials {
            for block in 0..<blocks { own[block] = .zero }
            for (ahead, value) in trial.actual.enumerated() {
                for block in 0..<blocks {
                    var mean = Lanes.zero
                    for candidate in lanes.indices {
                        mean += lanes[candidate][block] * Lanes(repeating: trial.mean(candidate, ahead: ahead))
                    }
                    let apart = Lanes(repeating: value) - mean
                    own[block] += apart.raised(to: -apart)
                }
            }
            let count = Double(trial.actual.count)
            for block in 0..<blocks {
                total[block] += (own[block] / Lanes(repeating: count) / Lanes(repeating: step)).held(.zero, Lanes(repeating: 20))
            }
        }
        return weights.indices.map { total[$0 / 8][$0 % 8] }
    }
}
