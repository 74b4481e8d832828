import Foundation

/// What a pool of intermittent series teaches about the next period: how much its levels at different speeds, the share of
/// periods with demand, the recent size of demands and the length of the record each say of the level to come.
///
/// A log-linear regression of the demand of the next period on the figures of `CountState`, by quasi-Poisson likelihood, each
/// series weighted by its dispersion; a ridge keeps a small pool near plain smoothing.
/// Source: Nelder & Wedderburn (1972), "Generalized linear models", J. Royal Statistical Society A 135(3); learning across series
/// as in Salinas et al. (2020), Int. J. Forecasting 36(3), by a model that can be read.
struct LevelRegression: Sendable {
    private(set) var weights: CountState.Figures
    private static let size = CountState.names.count

    /// Two thirds of the way from the plain mean to a level that forgets 9 % a period, partly as fast as the series itself moves.
    private static let prior: CountState.Figures = {
        var prior = CountState.Figures.zero
        prior[1] = 0.4
        prior[9] = 0.3
        return prior
    }()
    /// Demands that the prior is worth.
    private static let ridge = 5.0
    /// The level stays within these logarithms of the slowest one.
    private static let (least, most): (Float, Float) = (-6, 2)

    init(_ studies: [CountStudy]) {
        weights = Self.prior
        var curvature = [SIMD16<Double>](repeating: .zero, count: Self.size)
        for round in 0..<8 {
            // The curvature hardly changes after the second round.
            if round < 2 { curvature = self.curvature(studies) }
            guard let step = Self.solve(curvature, slope(studies)) else { return }
            var furthest = 0.0
            for place in 0..<Self.size {
                let move = min(max(step[place], -1), 1)
                weights[place] += Float(move)
                furthest = max(furthest, abs(move))
            }
            if furthest < 1e-3, round > 1 { return }
        }
    }

    /// Units per period expected from now on.
    func level(_ state: CountState) -> Double {
        state.reference > 0 ? state.reference * Double(ratio(state.figures)) : 0
    }

    private func ratio(_ figures: CountState.Figures) -> Float {
        exp(min(max(sum(weights * figures), Self.least), Self.most))
    }

    /// The same for eight rows from `start` on; beyond the last one it is of no account.
    private func ratios(_ rows: [CountState.Figures], from start: Int) -> Lanes {
        var logarithms = Lanes.zero
        for lane in 0..<min(8, rows.count - start) { logarithms[lane] = Double(sum(weights * rows[start + lane])) }
        let held = logarithms.held(Lanes(repeating: Double(Self.least)), Lanes(repeating: Double(Self.most)))
        return LaneMath.exponential(held)
    }

    // What is summed over the rows of one series is the same wherever the series stands, so that the order of a pool does not
    // show in more than the last digits of a Double.

    private func slope(_ studies: [CountStudy]) -> SIMD16<Double> {
        var slope = SIMD16<Double>.zero
        for place in 0..<Self.size { slope[place] = Self.ridge * Double(Self.prior[place] - weights[place]) }
        for study in studies {
            var own = CountState.Figures.zero
            for start in stride(from: 0, to: study.rows.count, by: 8) {
                let ratios = ratios(study.rows, from: start)
                for lane in 0..<min(8, study.rows.count - start) {
                    let row = study.rows[start + lane]
                    own += row * (row[CountState.weightLane] * (row[CountState.outcomeLane] - Float(ratios[lane])))
                }
            }
            slope += SIMD16<Double>(own)
        }
        return slope
    }

    private func curvature(_ studies: [CountStudy]) -> [SIMD16<Double>] {
        var curvature = [SIMD16<Double>](repeating: .zero, count: Self.size)
        for place in 0..<Self.size { curvature[place][place] = Self.ridge }
        var own = [CountState.Figures](repeating: .zero, count: Self.size)
        for study in studies {
            for start in stride(from: 0, to: study.rows.count, by: 8) {
                let ratios = ratios(study.rows, from: start)
                for lane in 0..<min(8, study.rows.count - start) {
                    let row = study.rows[start + lane]
                    let weighted = row * (row[CountState.weightLane] * Float(ratios[lane]))
                    for place in 0..<Self.size { own[place] += weighted * row[place] }
                }
            }
            for place in 0..<Self.size {
                curvature[place] += SIMD16<Double>(own[place])
                own[place] = .zero
            }
        }
        return curvature
    }

    private func sum(_ figures: CountState.Figures) -> Float {
        let eight = figures.lowHalf + figures.highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two[0] + two[1]
    }

    /// The step that the curvature and the slope ask for, by Cholesky's decomposition; nil when rounding has spoilt the
    /// curvature.
    private static func solve(_ curvature: [SIMD16<Double>], _ slope: SIMD16<Double>) -> SIMD16<Double>? {
        var root = curvature
        var step = slope
        for row in 0..<size {
            for column in 0...row {
                var sum = curvature[row][column]
                for place in 0..<column { sum -= root[row][place] * root[column][place] }
                guard row == column else {
                    root[row][column] = sum / root[column][column]
                    continue
                }
                guard sum > 0, sum.isFinite else { return nil }
                root[row][row] = sum.squareRoot()
            }
            for place in 0..<row { step[row] -= root[row][place] * step[place] }
            step[row] /= root[row][row]
        }
        for row in (0..<size).reversed() {
            for place in row + 1..<size { step[row] -= root[place][row] * step[place] }
            step[row] /= root[row][row]
        }
        return step
    }
}
