import Foundation

extension SeriesStudy {
    /// A simple rule's answer, with the sums that were asked for.
    func settled(_ request: ForecastRequest) -> SeriesForecast {
        guard case .settled(let answer) = kind else { return NoDemand.forecast(request, periods: 0) }
        return answer.summed(request)
    }

    func regular(
        _ now: [Outlook], _ forms: [(form: LaneSmoothing.Form, weight: Double)], _ pool: SpreadCalibration,
        _ request: ForecastRequest
    ) -> SeriesForecast {
        let outlook = Outlook.average(now, weights: pool.weights)
        // However wide the pool's errors, ten times the largest demand ever seen is as far as a quantile goes.
        let cap = 10 * largest
        func row(_ level: Int) -> [Double] {
            outlook.means.indices.map { ahead in
                min(outlook.means[ahead] + pool.periods[level][ahead] * outlook.variances[ahead].squareRoot(), cap)
            }
        }
        var sums: [[Double]] = []
        if let length = request.protection, length <= request.horizon {
            sums = request.levels.indices.map { level in
                (0...request.horizon - length).map { first in
                    let total = SpreadCalibration.sum(outlook, first: first, length: length)
                    return min(total.mean + pool.sums[level][first] * total.deviation, cap * Double(length))
                }
            }
        }
        let first = outlook.variances[0]
        let plain = SeriesForecast(
            method: "combined", mean: outlook.means,
            spread: ForecastSpread(deviation: first.squareRoot(), weights: steps(outlook.variances)), levels: [],
            residualDeviation: first.squareRoot(),
            explanation: ForecastExplanation(
                reason: "Demand comes nearly every period: smoothing, Theta and level are averaged as the pool's trials say.",
                demandClass: demandClass,
                parameters: zip(TrendCandidates.names, pool.weights).map { .init("\($0), weight", $1) }
                    + forms.map { .init("\($0.form.name), Akaike weight", $0.weight) },
                candidates: zip(TrendCandidates.names, pool.scores).map { .init("\($0), error in the pool's trials", $1) },
                notes: notes))
        return SeriesForecast(
            plain, levels: request.levels, quantiles: request.levels.indices.map(row), protection: sums)
    }

    /// Error weights that give the variances of every period ahead.
    private func steps(_ variances: [Double]) -> [Double] {
        guard variances[0] > 0 else { return [] }
        return zip(variances.dropFirst(), variances).map { (max(0, $0 - $1) / variances[0]).squareRoot() }
    }
}
