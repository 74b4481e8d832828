/// One additive form of exponential smoothing, in the innovations notation of Hyndman, Koehler, Ord, Snyder (2008), chapter 2:
/// `y = l + phi b + s + e`, `l' = l + phi b + alpha e`, `b' = phi b + beta e`, `s' = s + gamma e`.
struct SmoothingForm: Sendable, Hashable {
    let hasTrend: Bool
    /// Length of the season in periods, 1 for none.
    let season: Int

    var hasSeason: Bool { season > 1 }
    /// Hyndman's name: error, trend, season.
    var name: String { "A\(hasTrend ? "Ad" : "N")\(hasSeason ? "A" : "N")" }
    /// Level, trend and seasonal states before the first period.
    var stateCount: Int { 1 + (hasTrend ? 1 : 0) + (hasSeason ? season : 0) }
    var smoothingCount: Int { 1 + (hasTrend ? 2 : 0) + (hasSeason ? 1 : 0) }
    /// What the data must pay for; the seasonal states sum to zero, so one of them is free. The variance counts too.
    var parameterCount: Int { stateCount - (hasSeason ? 1 : 0) + smoothingCount + 1 }
    var firstSeason: Int { hasTrend ? 2 : 1 }
}

/// The weights of one fit.
struct SmoothingWeights: Sendable, Hashable {
    var alpha: Double
    var beta = 0.0
    var gamma = 0.0
    var phi = 1.0

    /// Hyndman's "usual" region, in which no old period weighs more than a newer one: `beta < alpha`, `gamma < 1 - alpha`, `0.8
    /// <= phi <= 0.98`.
    ///
    /// - Parameter point: coordinates in 0 ... 1 in the order alpha, beta / alpha, phi, gamma / (1 - alpha), as far as the form
    ///   has them.
    init(_ point: [Double], _ form: SmoothingForm) {
        alpha = 0.0001 + 0.9998 * point[0]
        if form.hasTrend {
            beta = alpha * (0.0001 + 0.9998 * point[1])
            phi = 0.8 + 0.18 * point[2]
        }
        if form.hasSeason { gamma = (1 - alpha) * (0.0001 + 0.9998 * point[form.smoothingCount - 1]) }
    }

    init(alpha: Double, beta: Double = 0, gamma: Double = 0, phi: Double = 1) {
        (self.alpha, self.beta, self.gamma, self.phi) = (alpha, beta, gamma, phi)
    }
}

/// Runs one form over one history. States are ordered level, trend (if any), then seasons, the oldest (that of the first period)
/// first.
struct SmoothingFilter {
    let form: SmoothingForm
    let values: [Double]

    /// Sum of squared one-step errors from the given states; stops counting once it exceeds `limit`.
    func squares(_ weights: SmoothingWeights, states: [Double], seasons ring: inout [Double], limit: Double = .infinity) -> Double
    {
        var level = states[0]
        var trend = form.hasTrend ? states[1] : 0
        var total = 0.0
        if form.hasSeason {
            for index in 0..<form.season { ring[index] = states[form.firstSeason + index] }
            var position = 0
            for value in values {
                let error = value - level - weights.phi * trend - ring[position]
                level += weights.phi * trend + weights.alpha * error
                trend = weights.phi * trend + weights.beta * error
                ring[position] += weights.gamma * error
                position = position + 1 == form.season ? 0 : position + 1
                total += error * error
                if total > limit { return .infinity }
            }
            return total
        }
        for value in values {
            let error = value - level - weights.phi * trend
            level += weights.phi * trend + weights.alpha * error
            trend = weights.phi * trend + weights.beta * error
            total += error * error
        }
        return total
    }

    /// The states after the last period, in the same order, the season of the next period first.
    func run(_ weights: SmoothingWeights, states: [Double]) -> [Double] {
        var level = states[0]
        var trend = form.hasTrend ? states[1] : 0
        var ring = form.hasSeason ? Array(states[form.firstSeason...]) : [0]
        for (period, value) in values.enumerated() {
            let position = period % ring.count
            let error = value - level - weights.phi * trend - ring[position]
            level += weights.phi * trend + weights.alpha * error
            trend = weights.phi * trend + weights.beta * error
            ring[position] += weights.gamma * error
        }
        let turn = values.count % ring.count
        return [level] + (form.hasTrend ? [trend] : []) + (form.hasSeason ? Array(ring[turn...] + ring[..<turn]) : [])
    }

    /// Expected demand of each of the next `horizon` periods from `states`.
    func means(_ weights: SmoothingWeights, states: [Double], horizon: Int) -> [Double] {
        var climb = 0.0
        var damping = 1.0
        return (0..<horizon).map { ahead in
            damping *= weights.phi
            climb += form.hasTrend ? damping * states[1] : 0
            return states[0] + climb + (form.hasSeason ? states[form.firstSeason + ahead % form.season] : 0)
        }
    }

    /// How a one-step error lives on: `c_j = alpha + beta (phi + ... + phi^j) + gamma [j is whole seasons]`.
    func errorWeights(_ weights: SmoothingWeights, horizon: Int) -> [Double] {
        var climb = 0.0
        var damping = 1.0
        return (1..<max(2, horizon)).map { lag in
            damping *= weights.phi
            climb += damping
            return weights.alpha + weights.beta * climb + (form.hasSeason && lag % form.season == 0 ? weights.gamma : 0)
        }
    }
}
