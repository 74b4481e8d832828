/// Forecasts intermittent demand by smoothing sizes and gaps apart.
///
/// Ordinary smoothing is pulled down by every empty period. Croston's method updates only when something is asked for: `rate =
/// size / gap`. The Syntetos-Boylan factor `1 - smoothing / 2` removes most of the ratio's upward bias. The demand of a period,
/// and of the sum over several, is negative binomial around that rate (Poisson when not over-dispersed), in steps of the item's
/// own grain.
///
/// Source: Croston (1972), Oper. Res. Q. 23(3); Syntetos & Boylan (2005), Int. J. Forecasting 21(2). Both levels start at the
/// first value.
public struct CrostonSBA: ForecastingMethod {
    public let name = "crostonSBA"
    /// Weight of the newest size and gap, candidates in (0, 1]; the one with the least squared one-step error is taken.
    public let smoothings: [Double]
    /// Whether a gap still open and already longer than the smoothed one counts as a gap, so that an item no longer asked for
    /// fades out.
    public let countsOpenGap: Bool

    /// - Parameter smoothings: values outside (0, 1] are left out; 0.1 when none remains.
    public init(smoothings: [Double] = [0.05, 0.1, 0.2, 0.3], countsOpenGap: Bool = true) {
        let usable = smoothings.filter { $0 > 0 && $0 <= 1 }
        self.smoothings = usable.isEmpty ? [0.1] : usable
        self.countsOpenGap = countsOpenGap
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let fits = smoothings.map { Fit(history.values, smoothing: $0, countsOpenGap: countsOpenGap) }
        guard let fit = fits.min(by: { $0.meanSquare < $1.meanSquare }), fit.rate > 0 else {
            return NoDemand.forecast(request, periods: history.count)
        }
        // A smoothed level wanders by smoothing / (2 - smoothing) of the variance around the level it follows; all periods share
        // that error.
        let levelVariance = fit.meanSquare * fit.smoothing / (2 - fit.smoothing)
        let deviation = fit.meanSquare.squareRoot()
        return SeriesForecast(
            method: name, mean: Array(repeating: fit.rate, count: request.horizon),
            spread: ForecastSpread(deviation: deviation, levelVariance: levelVariance, shape: .counts(grain: history.grain)),
            levels: request.levels, residualDeviation: deviation,
            explanation: ForecastExplanation(
                reason: "Demand comes in single events: size and gap are smoothed apart.",
                parameters: [.init("smoothing", fit.smoothing), .init("size", fit.size), .init("gap", fit.gap)],
                candidates: fits.map { .init("smoothing \($0.smoothing)", $0.meanSquare.squareRoot()) }))
    }

    /// One pass over the history with one smoothing.
    struct Fit {
        let smoothing: Double
        private(set) var size = 0.0
        private(set) var gap = 0.0
        /// Units per period.
        private(set) var rate = 0.0
        /// Mean of the squared one-step errors since the first demand, units squared.
        private(set) var meanSquare = 0.0

        private static let settling = 2

        init(_ values: [Double], smoothing: Double, countsOpenGap: Bool) {
            self.smoothing = smoothing
            let factor = 1 - smoothing / 2
            var open = 0.0
            var squares = 0.0
            var errors = 0.0
            var demands = 0
            var early = (squares: 0.0, errors: 0.0)
            for value in values {
                if size > 0 {
                    let error = value - factor * size / (countsOpenGap ? max(gap, open) : gap)
                    squares += error * error
                    errors += 1
                }
                open += 1
                guard value > 0 else { continue }
                gap = size > 0 ? gap + smoothing * (open - gap) : open
                size = size > 0 ? size + smoothing * (value - size) : value
                open = 0
                demands += 1
                // The first demands only set size and gap; what was missed until then says little of the method.
                if demands == Self.settling {
                    early = (squares, errors)
                    (squares, errors) = (0, 0)
                }
            }
            // With hardly any demand after that, they are all there is to go by.
            if demands < 2 * Self.settling { (squares, errors) = (squares + early.squares, errors + early.errors) }
            guard size > 0 else { return }
            rate = factor * size / (countsOpenGap ? max(gap, open) : gap)
            // A single demand at the end leaves no error to measure: it came once in `gap` periods, Poisson-like.
            meanSquare = errors > 0 ? squares / errors : rate * size
        }
    }
}
