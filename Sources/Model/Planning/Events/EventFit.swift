import Foundation

/// What events do to demand, fitted to some periods of a history: each multiplies what is usual, or each adds to it.
///
/// Multiplying: quasi-Poisson regression with a logarithmic link on what is usual, so that periods without demand count as they
/// are. Adding: least squares with the same variances. Both are drawn towards no effect by a normal prior (ridge), the weaker the
/// more the periods say. Source: McCullagh & Nelder (1989), "Generalized Linear Models", 2nd ed., chapters 6 and 9; Hoerl &
/// Kennard (1970), "Ridge regression", Technometrics 12(1).
struct EventFit {
    enum Form: String, Sendable, Hashable, CaseIterable { case multiplies, adds }

    let form: Form
    /// Logarithms of factors, or units in units of `scale`, one an event at its largest past value.
    let effects: [Double]
    /// Units that an addition of 1 is.
    let scale: Double
    private let precision: SmallSystem

    /// How far effects lie from none, before anything is known: a factor of e to either side, or the level itself.
    static let priorDeviation = 1.0
    /// However strong an event, it does not multiply or divide demand by more.
    static let limit = log(20.0)

    /// - Parameters:
    ///   - usual: units, shape `[periods]`, positive.
    ///   - values: of each period, how much there is of each event, in shares of the largest; shape `[periods][events]`.
    ///   - dispersion: variance by mean of the demand around what is usual, units.
    init?(_ form: Form, demand: [Double], usual: [Double], values: [[Double]], dispersion: Double) {
        guard let count = values.first?.count, count > 0, dispersion > 0 else { return nil }
        self.form = form
        scale = usual.reduce(0, +) / Double(usual.count)
        let penalty = 1 / (Self.priorDeviation * Self.priorDeviation)
        var effects = [Double](repeating: 0, count: count)
        var precision: SmallSystem?
        for _ in 0..<(form == .adds ? 1 : 12) {
            var matrix = (0..<count).map { row in (0..<count).map { $0 == row ? penalty : 0 } }
            var slope = effects.map { -penalty * $0 }
            for period in demand.indices {
                let (mean, weight, unit): (Double, Double, Double)
                switch form {
                case .multiplies:
                    mean = usual[period] * exp(Self.held(values[period], effects))
                    (weight, unit) = (mean / dispersion, mean)
                case .adds:
                    mean = usual[period] + scale * Self.along(values[period], effects)
                    (weight, unit) = (scale * scale / (dispersion * usual[period]), scale)
                }
                for row in 0..<count where values[period][row] != 0 {
                    slope[row] += values[period][row] * weight * (demand[period] - mean) / unit
                    for column in 0..<count { matrix[row][column] += values[period][row] * weight * values[period][column] }
                }
            }
            guard let system = SmallSystem(matrix) else { return nil }
            precision = system
            let step = system.solved(slope)
            // Half a limit at a time, so that a first step from nothing does not overshoot.
            let longest = max(1, (step.map(abs).max() ?? 0) / (0.5 * Self.limit))
            effects = zip(effects, step).map { $0 + (form == .adds ? $1 : $1 / longest) }
            if step.allSatisfy({ abs($0) < 1e-9 }) { break }
        }
        guard let precision, effects.allSatisfy(\.isFinite) else { return nil }
        self.effects = effects
        self.precision = precision
    }

    private static func along(_ values: [Double], _ effects: [Double]) -> Double {
        zip(values, effects).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func held(_ values: [Double], _ effects: [Double]) -> Double {
        min(max(along(values, effects), -limit), limit)
    }

    /// What a period's demand is multiplied by.
    func factor(_ values: [Double]) -> Double { form == .multiplies ? exp(Self.held(values, effects)) : 1 }

    /// Units that come on top of a period's demand.
    func addition(_ values: [Double]) -> Double { form == .adds ? scale * Self.along(values, effects) : 0 }

    /// Variance of the logarithm of the factor, or of the addition in units squared.
    func variance(_ values: [Double]) -> Double {
        let variance = precision.quadratic(values)
        return form == .adds ? scale * scale * variance : variance
    }

    func expected(_ usual: Double, _ values: [Double]) -> Double { max(0, usual * factor(values) + addition(values)) }
}
