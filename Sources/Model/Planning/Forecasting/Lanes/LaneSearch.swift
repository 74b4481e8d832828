/// Eight numbers that are computed at once, one for each candidate.
typealias Lanes = SIMD8<Double>

/// Minimises a function of a few weights by trying eight points at a time: a compass search whose spare lanes run along the last
/// move.
///
/// Source: Hooke & Jeeves (1961), "Direct search solution of numerical and statistical problems", J. ACM 8(2). Deterministic;
/// every
/// coordinate runs from 0 to 1.
struct LaneSearch {
    /// Rounds after which the best point so far is taken.
    let rounds: Int
    let firstReach: Double
    let lastReach: Double

    init(rounds: Int = 14, firstReach: Double = 0.16, lastReach: Double = 0.004) {
        self.rounds = rounds
        self.firstReach = firstReach
        self.lastReach = lastReach
    }

    /// - Parameters:
    ///   - starts: points to begin from; the best of them is refined.
    ///   - value: of eight points, given axis by axis.
    func minimise(from starts: [[Double]], _ value: ([Lanes]) -> Lanes) -> (point: [Double], value: Double) {
        let axes = starts[0].count
        var block = [Lanes](repeating: .zero, count: axes)
        var best = (point: starts[0], value: Double.infinity)
        for first in stride(from: 0, to: starts.count, by: 8) {
            for axis in 0..<axes {
                for lane in 0..<8 { block[axis][lane] = starts[min(first + lane, starts.count - 1)][axis] }
            }
            Self.keepBest(of: value(block), at: block, in: &best)
        }
        var reach = [Double](repeating: firstReach, count: axes)
        var move = [Double](repeating: 0, count: axes)
        for _ in 0..<rounds {
            let origin = best
            var next = 0
            while next < 2 * axes {
                for axis in 0..<axes {
                    block[axis] = Lanes(repeating: origin.point[axis])
                    if 2 * axes - next <= 6 {
                        block[axis][6] = origin.point[axis] + move[axis]
                        block[axis][7] = origin.point[axis] + 2.5 * move[axis]
                    }
                }
                let last = min(next + 8, 2 * axes)
                for lane in next..<last { block[lane / 2][lane - next] += (lane % 2 == 0 ? 1 : -1) * reach[lane / 2] }
                for axis in 0..<axes { block[axis] = block[axis].held(.zero, .one) }
                Self.keepBest(of: value(block), at: block, in: &best)
                next = last
            }
            guard best.value < origin.value else {
                for axis in 0..<axes { reach[axis] *= 0.4 }
                if reach[0] < lastReach { break }
                continue
            }
            for axis in 0..<axes { move[axis] = best.point[axis] - origin.point[axis] }
        }
        return best
    }

    private static func keepBest(of values: Lanes, at block: [Lanes], in best: inout (point: [Double], value: Double)) {
        for lane in 0..<8 where values[lane] < best.value {
            best.value = values[lane]
            for axis in block.indices { best.point[axis] = block[axis][lane] }
        }
    }
}

extension SIMD8 where Scalar == Double {
    static var one: Self { Self(repeating: 1) }

    /// Lane by lane the larger one; the library's own goes through the lanes one by one.
    func raised(to least: Self) -> Self { replacing(with: least, where: self .< least) }

    /// Lane by lane the nearest between two bounds.
    func held(_ least: Self, _ most: Self) -> Self { raised(to: least).replacing(with: most, where: self .> most) }
}
