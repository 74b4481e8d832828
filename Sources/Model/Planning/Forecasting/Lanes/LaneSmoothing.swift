import Foundation

/// One form of exponential smoothing fitted by least squared one-step errors, eight candidates at once.
///
/// Errors add, or are in proportion to what was expected; a trend is linear or damped; a season adds or multiplies. Multiplying
/// forms are for demand that is always above zero. Source: Hyndman, Koehler, Ord, Snyder (2008), "Forecasting with Exponential
/// Smoothing", chapters 2 and 5.
struct LaneSmoothing {
    struct Form: Sendable, Hashable {
        enum Trend: Sendable { case none, damped, linear }
        enum Season: Sendable { case none, adds, multiplies }
        let errorMultiplies: Bool
        let trend: Trend
        let season: Season

        var name: String {
            let letters = [
                trend == .none ? "N" : trend == .damped ? "Ad" : "A", season == .none ? "N" : season == .adds ? "A" : "M",
            ]
            return (errorMultiplies ? "M" : "A") + letters.joined()
        }
        /// Weights and first states that the history pays for, the variance included.
        func parameterCount(_ season: Int) -> Int {
            3 + (trend == .none ? 0 : trend == .damped ? 3 : 2) + (self.season == .none ? 0 : season)
        }
        var axes: Int { 2 + (trend == .none ? 0 : trend == .damped ? 3 : 2) + (season == .none ? 0 : 1) }
    }

    let form: Form
    let point: [Double]
    /// Corrected Akaike criterion.
    let criterion: Double
    /// Root mean square of the one-step errors, relative when they multiply.
    let deviation: Double
    let alpha: Double
    let beta: Double
    let gamma: Double
    let phi: Double
    /// After the last period.
    private(set) var level = 0.0
    private(set) var trend = 0.0
    private(set) var ring: [Double] = []

    init?(_ form: Form, _ values: ArraySlice<Double>, start: Start, logarithms: Double, warm: [Double]? = nil) {
        let count = values.count
        let parameters = form.parameterCount(start.season(form).count)
        guard count > parameters + 2 else { return nil }
        let kernel = Kernel(form: form, values: values, start: start, season: start.season(form))
        let search = warm == nil ? LaneSearch(rounds: 16) : LaneSearch(rounds: 7, firstReach: 0.08)
        let found = search.minimise(from: warm.map { [$0] + Self.starts(form).dropLast() } ?? Self.starts(form)) { block in
            kernel.squares(block) * Self.handicap(block, form, count)
        }
        guard found.value.isFinite else { return nil }
        let mean = max(found.value / Double(count), 1e-14)
        let extra = Double(parameters)
        self.form = form
        point = found.point
        criterion =
            Double(count) * log(mean) + (form.errorMultiplies ? 2 * logarithms : 0) + 2 * extra
            + 2 * extra * (extra + 1) / (Double(count) - extra - 1)
        let block = point.map { Lanes(repeating: $0) }
        let weights = Weights(block, form, start)
        deviation = (kernel.squares(block)[0] / Double(max(1, count - form.axes))).squareRoot()
        (alpha, beta, gamma, phi) = (weights.alpha[0], weights.beta[0], weights.gamma[0], weights.phi[0])
        (level, trend, ring) = kernel.final(weights)
    }

    /// By how much squares are multiplied so that a trend that turns with every error must be worth it.
    ///
    /// Its weight is taken for the less likely the nearer it comes to that of the level, in a straight line, before any demand is
    /// seen. Over a dozen years the least squares alone chase the last step, and what they expect then runs away.
    /// Source: Bermudez, Segura, Vercher (2010), "Bayesian forecasting with the Holt-Winters model", J. Oper. Res. Soc. 61(1),
    /// for weights by how likely they are beforehand; the straight line is ours.
    private static func handicap(_ block: [Lanes], _ form: Form, _ count: Int) -> Lanes {
        guard form.trend != .none else { return .one }
        let density = LaneMath.logarithm(Lanes(repeating: 1.01) - block[2])
        return LaneMath.exponential(density * Lanes(repeating: -2 / Double(count)))
    }

    /// Where searches begin, by the axes that a form has.
    private static func starts(_ form: Form) -> [[Double]] {
        switch (form.trend, form.season) {
        case (.none, .none): levels
        case (.none, _): levelsAndSeasons
        case (.linear, .none): trends
        case (.linear, _): trendsAndSeasons
        case (.damped, .none): damped
        case (.damped, _): dampedAndSeasons
        }
    }

    private static let levels = starts([], hasSeason: false)
    private static let levelsAndSeasons = starts([], hasSeason: true)
    private static let trends = starts([0.5], hasSeason: false)
    private static let trendsAndSeasons = starts([0.5], hasSeason: true)
    private static let damped = starts([0.5, 0.8], hasSeason: false)
    private static let dampedAndSeasons = starts([0.5, 0.8], hasSeason: true)

    private static func starts(_ trend: [Double], hasSeason: Bool) -> [[Double]] {
        [0.1, 0.3, 0.55, 0.85].flatMap { alpha in
            [(0.08, 0.1), (0.25, 0.3)].map { beta, gamma in
                [alpha, 0.5] + (trend.isEmpty ? [] : [beta] + trend) + (hasSeason ? [gamma] : [])
            }
        }
    }

    /// Expected demand of the next `horizon` periods, with the growth of the error's variance relative to the first.
    func outlook(_ horizon: Int) -> (means: [Double], growth: [Double]) {
        var damping = 1.0
        var climb = 0.0
        var sum = 1.0
        var means: [Double] = []
        var growth: [Double] = []
        for ahead in 0..<horizon {
            if ahead > 0 {
                let weight = alpha + beta * climb + (form.season == .none || ahead % ring.count != 0 ? 0 : gamma)
                sum += weight * weight
            }
            growth.append(sum)
            damping *= phi
            climb += form.trend == .none ? 0 : damping
            let base = level + climb * trend
            switch form.season {
            case .none: means.append(base)
            case .adds: means.append(base + ring[ahead % ring.count])
            case .multiplies: means.append(base * ring[ahead % ring.count])
            }
        }
        return (means, growth)
    }
}

extension LaneSmoothing {
    /// Where the states stand before the first period, found from the first seasons.
    struct Start {
        let level: Double
        let trend: Double
        /// Standard deviation of the demand around its first trend, the unit in which the search moves level and trend.
        let spread: Double
        let adds: SeasonalFigure?
        let multiplies: SeasonalFigure?

        init(_ values: ArraySlice<Double>, adds: SeasonalFigure?, multiplies: SeasonalFigure?) {
            let plain = adds?.removed(from: values) ?? Array(values)
            let count = min(plain.count, max(10, 2 * (adds?.factors.count ?? 1)))
            let middle = Double(count - 1) / 2
            let mean = plain[..<count].reduce(0, +) / Double(count)
            var (covariance, variance) = (0.0, 0.0)
            for index in 0..<count {
                covariance += (Double(index) - middle) * (plain[index] - mean)
                variance += (Double(index) - middle) * (Double(index) - middle)
            }
            trend = variance > 0 ? covariance / variance : 0
            level = mean - trend * (middle + 1)
            var squares = 0.0
            for index in 0..<count {
                let error = plain[index] - mean - trend * (Double(index) - middle)
                squares += error * error
            }
            spread = max((squares / Double(count)).squareRoot(), 1e-3 * abs(mean), 1e-9)
            self.adds = adds
            self.multiplies = multiplies
        }

        func season(_ form: Form) -> [Double] {
            switch form.season {
            case .none: []
            case .adds: adds?.factors ?? []
            case .multiplies: multiplies?.factors ?? []
            }
        }
    }

    struct Weights {
        var alpha: Lanes
        var beta = Lanes.zero
        var gamma = Lanes.zero
        var phi = Lanes.one
        var level: Lanes
        var trend = Lanes.zero

        /// Hyndman's usual region: `beta < alpha`, `gamma < 1 - alpha`, `0.8 <= phi <= 0.98`.
        init(_ block: [Lanes], _ form: Form, _ start: Start) {
            alpha = Lanes(repeating: 0.0001) + Lanes(repeating: 0.9998) * block[0]
            level = Lanes(repeating: start.level - 2 * start.spread) + Lanes(repeating: 4 * start.spread) * block[1]
            var axis = 2
            if form.trend != .none {
                beta = alpha * (Lanes(repeating: 0.0001) + Lanes(repeating: 0.9998) * block[2])
                let reach = 0.4 * start.spread
                trend = Lanes(repeating: start.trend - reach) + Lanes(repeating: 2 * reach) * block[3]
                axis = 4
            } else {
                level += Lanes(repeating: start.trend)
            }
            if form.trend == .damped {
                phi = Lanes(repeating: 0.8) + Lanes(repeating: 0.18) * block[4]
                axis = 5
            }
            if form.season != .none {
                gamma = (.one - alpha) * (Lanes(repeating: 0.0001) + Lanes(repeating: 0.9998) * block[axis])
            }
        }
    }
}
