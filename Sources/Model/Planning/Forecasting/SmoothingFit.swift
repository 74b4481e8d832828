import Foundation

/// One form of exponential smoothing fitted to one history by least squared one-step errors, initial states included.
struct SmoothingFit: Sendable {
    let form: SmoothingForm
    let weights: SmoothingWeights
    /// Before the first period, in units.
    let initial: [Double]
    /// After the last period, in units.
    let final: [Double]
    /// Sum of squared one-step errors, units squared.
    let squares: Double
    let count: Int
    /// Corrected Akaike criterion, comparable between forms fitted to the same history.
    let criterion: Double

    /// Nil when the history is too short for the form's parameters.
    init?(_ form: SmoothingForm, _ values: [Double], weights fixed: SmoothingWeights? = nil) {
        let count = values.count
        guard count > form.parameterCount + 1, !form.hasSeason || count >= 2 * form.season else { return nil }
        // Fitted in multiples of the mean, so that the size of the unit changes nothing.
        let mean = values.reduce(0, +) / Double(count)
        let scale = mean > 0 ? mean : 1
        let scaled = values.map { $0 / scale }
        let best = fixed.map { Self.settle($0, form, scaled) } ?? Self.search(form, scaled)
        self.form = form
        weights = best.weights
        initial = best.states.map { $0 * scale }
        final = SmoothingFilter(form: form, values: scaled).run(best.weights, states: best.states).map { $0 * scale }
        // A perfect fit would make the logarithm infinite; nothing is known to better than 1e-10 of the mean.
        let error = max(best.squares, 1e-20 * Double(count))
        squares = best.squares * scale * scale
        self.count = count
        let parameters = Double(form.parameterCount)
        let correction = 2 * parameters * (parameters + 1) / (Double(count) - parameters - 1)
        criterion = Double(count) * log(error / Double(count)) + 2 * parameters + correction
    }

    /// Variance of the one-step error, less the optimism of having fitted the parameters; units squared.
    var variance: Double { squares / Double(max(1, count - (form.parameterCount - 1))) }

    private typealias Candidate = (weights: SmoothingWeights, states: [Double], squares: Double)

    private static func settle(_ weights: SmoothingWeights, _ form: SmoothingForm, _ values: [Double]) -> Candidate {
        var states = InitialStates(form, values)
        let best = states.best(weights)
        var ring = [Double](repeating: 0, count: form.season)
        return (weights, best, SmoothingFilter(form: form, values: values).squares(weights, states: best, seasons: &ring))
    }

    /// Short state vectors are solved anew for every weight tried. Seasonal ones take turns: weights for given states, states for
    /// given weights.
    private static func search(_ form: SmoothingForm, _ values: [Double]) -> Candidate {
        let filter = SmoothingFilter(form: form, values: values)
        var states = InitialStates(form, values)
        var ring = [Double](repeating: 0, count: form.season)
        func solved(_ point: [Double]) -> Candidate {
            let weights = SmoothingWeights(point, form)
            let best = states.best(weights)
            return (weights, best, filter.squares(weights, states: best, seasons: &ring))
        }
        let middle = form.hasTrend ? [0.1, 0.8] : []
        let starts = [0.05, 0.3, 0.8].map { [$0] + middle + (form.hasSeason ? [0.1] : []) }
        var point = starts.map { (point: $0, squares: solved($0).squares) }.min { $0.squares < $1.squares }?.point ?? starts[0]
        if !form.hasSeason {
            let search = NelderMead(budget: 40 + 40 * point.count, tolerance: 1e-8)
            return solved(search.minimise(from: point) { solved($0).squares }.point)
        }
        var best = solved(point)
        for (round, reach) in [0.25, 0.1, 0.05, 0.02].enumerated() {
            let found = NelderMead(budget: round == 0 ? 80 : 50, tolerance: 1e-7).minimise(from: point, reach: reach) {
                filter.squares(SmoothingWeights($0, form), states: best.states, seasons: &ring, limit: 4 * best.squares)
            }
            let next = solved(found.point)
            let gain = best.squares - next.squares
            if gain > 0 { (best, point) = (next, found.point) }
            if gain <= 1e-5 * best.squares { break }
        }
        return best
    }
}
