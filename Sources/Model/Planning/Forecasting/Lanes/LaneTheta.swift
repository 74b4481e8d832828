import Foundation

/// Dynamic optimised Theta: a smoothed level and a regression line that is fitted anew in every period, in a proportion that the
/// history decides.
///
/// Source: Fiorucci, Pellegrini, Louzada, Petropoulos, Koehler (2016), "Models for optimising the theta method and their
/// relationship to state space models", Int. J. Forecasting 32(4), equations 14 to 18. Eight pairs of weight and theta are
/// tried at once; to each belongs the first level with the least squares, which is known in closed form, since an error changes
/// with the first level in proportion.
struct LaneTheta {
    let alpha: Double
    let theta: Double
    let level: Double
    /// Root mean square of the one-step errors.
    let deviation: Double
    private let values: [Double]

    init?(_ values: [Double], quick: Bool = false) {
        guard values.count >= 4 else { return nil }
        let (intercepts, slopes) = Self.lines(values)
        func point(_ block: [Lanes]) -> (alpha: Lanes, share: Lanes) {
            // A weight below 0.1 holds on to the distant past: the bound of the authors' own implementation.
            let alpha = Lanes(repeating: 0.1) + Lanes(repeating: 0.89) * block[0]
            let theta = Lanes(repeating: 1) + Lanes(repeating: 19) * block[1] * block[1]
            return (alpha, .one - .one / theta)
        }
        func fitted(_ alpha: Lanes, _ share: Lanes) -> (squares: Lanes, level: Lanes) {
            var level = Lanes(repeating: values[0])
            var decay = Lanes.one
            var (squares, crossed, weights) = (Lanes.zero, Lanes.zero, Lanes(repeating: 1e-12))
            let keep = Lanes.one - alpha
            let inverse = Lanes.one / alpha
            for period in values.indices {
                let line = Lanes(repeating: intercepts[period]), slope = Lanes(repeating: slopes[period])
                let next = decay * keep
                let error = Lanes(repeating: values[period]) - level - share * (decay * line + (.one - next) * inverse * slope)
                // The first two lines rest on less than two points.
                if period >= 2 {
                    squares += error * error
                    crossed += decay * error
                    weights += decay * decay
                }
                level = alpha * Lanes(repeating: values[period]) + keep * level
                decay = next
            }
            let raised = crossed / weights
            return (squares - raised * crossed, Lanes(repeating: values[0]) + raised)
        }
        let starts = [0.08, 0.25, 0.5, 0.8].flatMap { alpha in [0.23, 0.6].map { [alpha, $0] } }
        let found = LaneSearch(rounds: quick ? 8 : 14).minimise(from: starts) { block in
            let (alpha, share) = point(block)
            return fitted(alpha, share).squares
        }
        let settled = point(found.point.map { Lanes(repeating: $0) })
        alpha = settled.alpha[0]
        theta = 1 / (1 - settled.share[0])
        level = fitted(settled.alpha, settled.share).level[0]
        deviation = (max(0, found.value) / Double(max(1, values.count - 3))).squareRoot()
        self.values = values
    }

    /// Intercept and slope of the regression over all periods before each one.
    private static func lines(_ values: [Double]) -> (intercepts: [Double], slopes: [Double]) {
        var intercepts = [values[0]]
        var slopes = [0.0]
        var (mean, slope) = (0.0, 0.0)
        for (index, value) in values.enumerated() {
            let line = next(after: index, value, &mean, &slope)
            intercepts.append(line)
            slopes.append(slope)
        }
        return (intercepts, slopes)
    }

    private static func next(after index: Int, _ value: Double, _ mean: inout Double, _ slope: inout Double) -> Double {
        let period = Double(index + 1)
        if index == 0 {
            mean = value
            slope = 0
        } else {
            slope = ((period - 2) * slope + 6 * (value - mean) / period) / (period + 1)
            mean = ((period - 1) * mean + value) / period
        }
        return mean - slope * (period + 1) / 2
    }

    /// Expected demand of the next `horizon` periods; each is taken as if it had come, and moves the line.
    func means(_ horizon: Int) -> [Double] {
        var level = level
        var decay = 1.0
        var (mean, slope, line) = (0.0, 0.0, values[0])
        let share = 1 - 1 / theta
        return (0..<values.count + horizon).map { period in
            let next = decay * (1 - alpha)
            let expected = level + share * (decay * line + (1 - next) / alpha * slope)
            let value = period < values.count ? values[period] : expected
            level = alpha * value + (1 - alpha) * level
            line = Self.next(after: period, value, &mean, &slope)
            decay = next
            return expected
        }.suffix(horizon)
    }
}
