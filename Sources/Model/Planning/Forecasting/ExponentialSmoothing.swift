/// Exponential smoothing with additive errors: simple, damped trend, additive season, or both; the form by the corrected Akaike
/// criterion.
///
/// Weights and initial states minimise the squared one-step errors; forecast variances are the analytic ones of the state-space
/// model. Source: Hyndman, Koehler, Ord, Snyder (2008), "Forecasting with Exponential Smoothing", chapters 2, 5, 6 and 7.
/// Reference values: `Tests/PlanningTests/ExponentialSmoothingTests.swift`.
public struct ExponentialSmoothing: ForecastingMethod {
    public enum Form: String, Sendable, Hashable, Codable, CaseIterable {
        /// A level alone.
        case simple
        /// A level and a trend that flattens out.
        case dampedTrend
        /// A level and a repeating season.
        case seasonal
        case seasonalDampedTrend
    }

    public let name = "exponentialSmoothing"
    /// The forms that may be chosen.
    public let forms: [Form]

    /// Longest season that is fitted period by period; beyond it each seasonal state would rest on two or three observations.
    public static let longestSeason = 24

    public init(forms: [Form] = Form.allCases) {
        self.forms = forms.isEmpty ? [.simple] : forms
    }

    /// - Throws: `.historyTooShort` below 5 periods, or when none of the forms fits into the history.
    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let fits = forms.compactMap { fit($0, history) }
        guard let best = fits.min(by: { $0.criterion < $1.criterion }) else {
            throw .historyTooShort(method: name, needs: 5, has: history.count)
        }
        let filter = SmoothingFilter(form: best.form, values: [])
        let deviation = best.variance.squareRoot()
        return SeriesForecast(
            method: name, mean: filter.means(best.weights, states: best.final, horizon: request.horizon),
            spread: ForecastSpread(
                deviation: deviation, weights: filter.errorWeights(best.weights, horizon: request.horizon),
                shape: .matched(grain: history.grain)),
            levels: request.levels, residualDeviation: (best.squares / Double(best.count)).squareRoot(),
            explanation: ForecastExplanation(
                reason: "Form \(best.form.name) has the lowest corrected Akaike criterion of \(fits.count).",
                parameters: parameters(best), candidates: fits.map { .init($0.form.name, $0.criterion) }))
    }

    private func fit(_ form: Form, _ history: DemandSeries) -> SmoothingFit? {
        let isSeasonal = form == .seasonal || form == .seasonalDampedTrend
        if isSeasonal, history.season < 2 || history.season > Self.longestSeason { return nil }
        let hasTrend = form == .dampedTrend || form == .seasonalDampedTrend
        return SmoothingFit(SmoothingForm(hasTrend: hasTrend, season: isSeasonal ? history.season : 1), history.values)
    }

    private func parameters(_ fit: SmoothingFit) -> [ForecastExplanation.Figure] {
        var figures: [ForecastExplanation.Figure] = [.init("alpha", fit.weights.alpha)]
        if fit.form.hasTrend { figures += [.init("beta", fit.weights.beta), .init("phi", fit.weights.phi)] }
        if fit.form.hasSeason { figures.append(.init("gamma", fit.weights.gamma)) }
        figures.append(.init("level", fit.final[0]))
        if fit.form.hasTrend { figures.append(.init("trend", fit.final[1])) }
        return figures
    }
}
