import Foundation

/// The candidates for demand that comes nearly every period: smoothing in all its forms weighted by how likely they are, dynamic
/// Theta of the demand and of its logarithms, and the smoothed level.
///
/// Sources: Kolassa (2011), "Combining exponential smoothing forecasts using Akaike weights", Int. J. Forecasting 27(2), for
/// weighting forms instead of choosing one; Spiliotis, Assimakopoulos, Makridakis (2020), "Generalizing the Theta method for
/// automatic forecasting", Eur. J. Operational Research 284(2), for a Theta line that grows in proportion.
struct TrendCandidates {
    static let names = ["smoothing", "theta", "thetaOfLogarithms", "level"]
    /// Share of the likelihood that counts when forms are weighted: errors of one history hang together and are not all news.
    private static let trust = 0.25

    private(set) var outlooks: [Outlook] = []
    /// Forms with their Akaike weights, the likeliest first.
    private(set) var forms: [(form: LaneSmoothing.Form, weight: Double)] = []
    private(set) var points: [LaneSmoothing.Form: [Double]] = [:]

    init(_ history: ArraySlice<Double>, season: Int, horizon: Int, warm: [LaneSmoothing.Form: [Double]]? = nil) {
        let mean = history.reduce(0, +) / Double(history.count)
        let scaled = history.map { $0 / mean }[...]
        let largest = scaled.max() ?? 1
        let isPositive = (scaled.min() ?? 0) > 0.01
        let multiplies = isPositive ? SeasonalFigure(scaled, season: season, multiplies: true) : nil
        let adds = SeasonalFigure(scaled, season: season, multiplies: false)
        let figure = multiplies ?? adds
        let adjusted = figure?.removed(from: scaled) ?? Array(scaled)

        var smoothing = smooth(scaled, adds, multiplies, season, horizon, isPositive, warm)
        if season > ExponentialSmoothing.longestSeason, let figure {
            let plain = smooth(adjusted[...], nil, nil, 1, horizon, isPositive, warm)
            smoothing = Self.seasoned(plain, figure, scaled.count)
        }
        let isQuick = warm != nil
        let level = LevelTrack(adjusted[...]).outlook(horizon)
        let theta = Self.theta(adjusted, horizon, isQuick) ?? level
        let growing = isPositive ? Self.theta(adjusted.map { log($0) }, horizon, isQuick)?.raised : nil
        let all = [smoothing] + [theta, growing ?? theta, level].map { Self.seasoned($0, figure, scaled.count) }
        outlooks = all.map {
            ($0.isUsable && !$0.means.isEmpty ? $0 : all[3]).guarded(largest: largest).scaled(by: mean)
        }
    }

    private static func theta(_ values: [Double], _ horizon: Int, _ isQuick: Bool) -> Outlook? {
        LaneTheta(values, quick: isQuick).map { fit in
            let variance = fit.deviation * fit.deviation
            return Outlook(
                means: fit.means(horizon),
                variances: (0..<horizon).map { variance * (1 + Double($0) * fit.alpha * fit.alpha) })
        }
    }

    private static func seasoned(_ outlook: Outlook, _ figure: SeasonalFigure?, _ count: Int) -> Outlook {
        guard let figure else { return outlook }
        return Outlook(
            means: outlook.means.enumerated().map { figure.applied(to: $1, period: count + $0) },
            variances: outlook.variances.enumerated().map {
                let factor = figure.multiplies ? figure.factors[(count + $0) % figure.factors.count] : 1
                return $1 * factor * factor
            })
    }

    private mutating func smooth(
        _ values: ArraySlice<Double>, _ adds: SeasonalFigure?, _ multiplies: SeasonalFigure?, _ season: Int, _ horizon: Int,
        _ isPositive: Bool, _ warm: [LaneSmoothing.Form: [Double]]?
    ) -> Outlook {
        let canSeason = adds != nil && season <= ExponentialSmoothing.longestSeason
        let start = LaneSmoothing.Start(values, adds: canSeason ? adds : nil, multiplies: canSeason ? multiplies : nil)
        let plain = LaneSmoothing.Start(values, adds: nil, multiplies: nil)
        let logarithms = isPositive ? values.reduce(0) { $0 + log($1) } : 0
        var fits: [LaneSmoothing] = []
        for form in Self.forms(seasons: canSeason, positive: isPositive) {
            if form.season == .multiplies && multiplies == nil { continue }
            let fit = LaneSmoothing(
                form, values, start: form.season == .none ? plain : start, logarithms: logarithms, warm: warm?[form])
            if let fit { fits.append(fit) }
        }
        guard let least = fits.map(\.criterion).min() else { return Outlook(means: [], variances: []) }
        let likelihoods = fits.map { exp(-0.5 * Self.trust * ($0.criterion - least)) }
        let total = likelihoods.reduce(0, +)
        let weights = likelihoods.map { $0 / total }
        forms = zip(fits.map(\.form), weights).map { ($0, $1) }.sorted { $0.weight > $1.weight }
        // A trial fits all of them again: which forms would count later is nothing that it may know.
        for fit in fits { points[fit.form] = fit.point }
        let outlooks = fits.map { fit in
            let outlook = fit.outlook(horizon)
            return Outlook(
                means: outlook.means,
                variances: zip(outlook.means, outlook.growth).map { mean, growth in
                    let unit = fit.form.errorMultiplies ? mean : 1
                    return fit.deviation * fit.deviation * unit * unit * growth
                }
            ).guarded(largest: values.max() ?? 1)
        }
        return Outlook.average(outlooks, weights: weights)
    }

    private static func forms(seasons: Bool, positive: Bool) -> [LaneSmoothing.Form] {
        [false, true].filter { positive || !$0 }.flatMap { multiplies in
            [LaneSmoothing.Form.Trend.none, .damped, .linear].flatMap { trend in
                [LaneSmoothing.Form.Season.none, multiplies ? .multiplies : .adds].filter { seasons || $0 == .none }.map {
                    LaneSmoothing.Form(errorMultiplies: multiplies, trend: trend, season: $0)
                }
            }
        }
    }
}
