/// The states before the first period that make the squared one-step errors least, for given smoothing weights.
///
/// For additive forms the errors are linear in those states, `e_t = e0_t - v_t x`, with `v_(t+1) = v_t D` and `D` the state
/// matrix after feedback (Hyndman et al. 2008, chapter 5 and section 14.1). So the best `x` is a least-squares solution, and the
/// search is left with the weights. The workspace is kept between calls: a fit asks for this many times.
struct InitialStates {
    let form: SmoothingForm
    private let values: [Double]
    private var normal: [Double]
    private var right: [Double]
    private var row: [Double]
    /// Seasonal sensitivities: those of period t are the `season` entries from `count - t` on, so that each period adds one in
    /// front.
    private var window: [Double]
    private var ring: [Double]

    init(_ form: SmoothingForm, _ values: [Double]) {
        self.form = form
        self.values = values
        let size = form.stateCount
        normal = Array(repeating: 0, count: size * size)
        right = Array(repeating: 0, count: size)
        row = Array(repeating: 0, count: size)
        window = Array(repeating: 0, count: values.count + form.season)
        ring = Array(repeating: 0, count: form.season)
    }

    /// - Returns: level, trend and seasons of the first season; the seasons sum to zero.
    mutating func best(_ weights: SmoothingWeights) -> [Double] {
        guard form.hasSeason else { return bestWithoutSeason(weights) }
        for index in normal.indices { normal[index] = 0 }
        for index in right.indices { right[index] = 0 }
        for index in ring.indices { ring[index] = 0 }
        gather(weights)
        constrain()
        return solve()
    }

    /// The same for a level and perhaps a trend, in registers: most fits are of this kind.
    private func bestWithoutSeason(_ weights: SmoothingWeights) -> [Double] {
        let (alpha, beta, phi) = (weights.alpha, weights.beta, form.hasTrend ? weights.phi : 0)
        var (onLevel, onTrend) = (1.0, phi)
        var (level, trend) = (0.0, 0.0)
        var (levels, cross, trends, rightLevel, rightTrend) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for value in values {
            let error = value - level - phi * trend
            level += phi * trend + alpha * error
            trend = phi * trend + beta * error
            levels += onLevel * onLevel
            cross += onLevel * onTrend
            trends += onTrend * onTrend
            rightLevel += onLevel * error
            rightTrend += onTrend * error
            let feedback = onLevel * alpha + onTrend * beta
            onTrend = phi * (onLevel + onTrend - feedback)
            onLevel -= feedback
        }
        guard form.hasTrend else { return [rightLevel / levels] }
        let ridge = 1e-10 * (levels + trends)
        let determinant = (levels + ridge) * (trends + ridge) - cross * cross
        return [
            ((trends + ridge) * rightLevel - cross * rightTrend) / determinant,
            ((levels + ridge) * rightTrend - cross * rightLevel) / determinant,
        ]
    }

    /// Adds one row of the least-squares problem per period.
    private mutating func gather(_ weights: SmoothingWeights) {
        let (season, first, size) = (form.season, form.firstSeason, form.stateCount)
        let count = values.count
        for index in 0..<season { window[count + index] = 0 }
        window[count] = 1
        var (onLevel, onTrend) = (1.0, form.hasTrend ? weights.phi : 0)
        var (level, trend, position) = (0.0, 0.0, 0)
        for (period, value) in values.enumerated() {
            let error = value - level - weights.phi * trend - ring[position]
            level += weights.phi * trend + weights.alpha * error
            trend = weights.phi * trend + weights.beta * error
            if form.hasSeason { ring[position] += weights.gamma * error }
            position = position + 1 == season ? 0 : position + 1

            row[0] = onLevel
            if form.hasTrend { row[1] = onTrend }
            if form.hasSeason { for index in 0..<season { row[first + index] = window[count - period + index] } }
            accumulate(error, size)

            // One step of v' = v D: through the transition, less what the observed error takes back.
            let carried = form.hasSeason ? window[count - period + season - 1] : 0
            let feedback = onLevel * weights.alpha + onTrend * weights.beta + carried * weights.gamma
            onTrend = form.hasTrend ? weights.phi * (onLevel + onTrend - feedback) : 0
            onLevel -= feedback
            if period + 1 < count { window[count - period - 1] = carried - feedback }
        }
    }

    private mutating func accumulate(_ error: Double, _ size: Int) {
        for i in 0..<size where row[i] != 0 {
            let weight = row[i]
            right[i] += weight * error
            for j in 0...i { normal[i * size + j] += weight * row[j] }
        }
    }

    /// Seasons that sum to zero, and a breath of ridge for states that the history cannot tell apart.
    private mutating func constrain() {
        let size = form.stateCount
        if form.hasSeason {
            for i in form.firstSeason..<size { for j in form.firstSeason...i { normal[i * size + j] += 1 } }
        }
        var trace = 0.0
        for i in 0..<size { trace += normal[i * size + i] }
        for i in 0..<size { normal[i * size + i] += 1e-10 * trace }
    }

    /// Cholesky, in place.
    private mutating func solve() -> [Double] {
        let size = form.stateCount
        for i in 0..<size {
            for j in 0...i {
                var sum = normal[i * size + j]
                for k in 0..<j { sum -= normal[i * size + k] * normal[j * size + k] }
                normal[i * size + j] = i == j ? max(sum, 1e-300).squareRoot() : sum / normal[j * size + j]
            }
        }
        for i in 0..<size {
            for k in 0..<i { right[i] -= normal[i * size + k] * right[k] }
            right[i] /= normal[i * size + i]
        }
        for i in stride(from: size - 1, through: 0, by: -1) {
            for k in (i + 1)..<max(i + 1, size) { right[i] -= normal[k * size + i] * right[k] }
            right[i] /= normal[i * size + i]
        }
        return right
    }
}
