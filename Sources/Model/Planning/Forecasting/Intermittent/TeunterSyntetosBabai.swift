/// Forecasts intermittent demand by the probability that there is any, times the size when there is.
///
/// The probability is updated in every period and falls while nothing is asked for; the size only with a demand. So an item
/// that is given up fades out, which Croston's method does not see until the next demand.
///
/// Source: Teunter, Syntetos, Babai (2011), "Intermittent demand: linking forecasting to inventory obsolescence", Eur. J. Oper.
/// Res. 214(3). Probability and size both begin at their first value.
public struct TeunterSyntetosBabai: ForecastingMethod {
    public let name = "tsb"
    /// Weight of the newest size, in (0, 1].
    public let sizeSmoothing: Double
    /// Weight of the newest period in the probability, candidates in (0, 1]; the one with the least squared one-step error is
    /// taken.
    public let smoothings: [Double]

    /// - Parameters: values outside (0, 1] are left out; 0.1 when none remains.
    public init(sizeSmoothing: Double = 0.1, smoothings: [Double] = [0.02, 0.05, 0.1, 0.2]) {
        self.sizeSmoothing = sizeSmoothing > 0 && sizeSmoothing <= 1 ? sizeSmoothing : 0.1
        let usable = smoothings.filter { $0 > 0 && $0 <= 1 }
        self.smoothings = usable.isEmpty ? [0.1] : usable
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        let fits = smoothings.map { Fit(history.values, size: sizeSmoothing, probability: $0) }
        let fit = fits.min { $0.followed.meanSquare < $1.followed.meanSquare } ?? fits[0]
        return fit.followed.forecast(
            name, history, request,
            ForecastExplanation(
                reason:
                    "The probability of a demand and its size are smoothed apart; the probability falls in every empty period.",
                parameters: [
                    .init("smoothing", fit.followed.smoothing), .init("probability", fit.probability), .init("size", fit.size),
                ],
                candidates: fits.map {
                    .init("smoothing \($0.followed.smoothing), one-step error", $0.followed.meanSquare.squareRoot())
                }))
    }

    /// One pass over the history.
    private struct Fit {
        var probability = 0.0
        var size = 0.0
        let followed: FollowedRate

        init(_ values: [Double], size sizeSmoothing: Double, probability smoothing: Double) {
            var (squares, errors) = (0.0, 0.0)
            for (period, value) in values.enumerated() {
                if size > 0 {
                    let error = value - probability * size
                    squares += error * error
                    errors += 1
                }
                let asked = value > 0 ? 1.0 : 0
                probability = period == 0 ? asked : probability + smoothing * (asked - probability)
                if value > 0 { size = size > 0 ? size + sizeSmoothing * (value - size) : value }
            }
            let rate = probability * size
            // A single demand at the end leaves no error to measure: it comes Poisson-like.
            followed = FollowedRate(rate: rate, meanSquare: errors > 0 ? squares / errors : rate * size, smoothing: smoothing)
        }
    }
}
