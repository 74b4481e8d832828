import Foundation

extension SeriesStudy {
    /// A simple rule's answer, with the sums that were asked for.
    func settled(_ request: ForecastRequest) -> SeriesForecast {
        guard case .settled(let answer) = kind else { return NoDemand.forecast(request, periods: 0) }
        return answer.summed(request)
    }

    func counted(_ track: LevelTrack, _ pool: CountCalibration, _ request: ForecastRequest) -> SeriesForecast {
        let demand = pool.demand(track)
        let length = request.protection.flatMap { $0 <= request.horizon ? $0 : nil }
        let deviation = demand.variance.squareRoot()
        let plain = SeriesForecast(
            method: "pooledLevel", mean: [Double](repeating: demand.mean, count: request.horizon),
            spread: ForecastSpread(
                deviation: deviation,
                weights: [Double](repeating: demand.wander.squareRoot(), count: max(1, request.horizon - 1)),
                shape: .counts(grain: grain)),
            levels: [], residualDeviation: deviation,
            explanation: ForecastExplanation(
                reason: "Demand comes now and then: its level is followed at eight speeds, weighted by how each followed.",
                demandClass: demandClass,
                parameters: [
                    .init("level", demand.mean), .init("variance", demand.variance),
                    .init("trials in the pool", Double(pool.trialCount)),
                ],
                candidates: (0..<8).map {
                    .init("alpha \(LevelTrack.alphas[$0]), one-step error", track.meanSquares[$0].squareRoot())
                }, notes: notes))
        return SeriesForecast(
            plain, levels: request.levels, quantiles: rows(demand, pool, pool.periodLevels, columns: request.horizon, length: 1),
            protection: length.map { rows(demand, pool, pool.sumLevels, columns: request.horizon - $0 + 1, length: $0) } ?? [])
    }

    /// Quantiles of sums over `length` periods, computed for the first and the last column and drawn straight between them.
    private func rows(
        _ demand: (mean: Double, variance: Double, wander: Double), _ pool: CountCalibration, _ levels: [Double], columns: Int,
        length: Int
    ) -> [[Double]] {
        // Shifted levels may cross; the table is walked upwards, and what crosses is put right with the answer.
        let order = levels.indices.sorted { levels[$0] < levels[$1] }
        let sorted = order.map { levels[$0] }
        let ends = [0, columns - 1].map { ahead -> [Double] in
            var table: [Double] = []
            let spread = pool.sum(demand, length: length, ahead: ahead)
            CountTable.quantiles(mean: spread.mean, variance: spread.variance, grain: grain, levels: sorted, into: &table)
            return table
        }
        return levels.indices.map { row in
            let place = order.firstIndex(of: row) ?? row
            return (0..<columns).map { ahead in
                let part = columns > 1 ? Double(ahead) / Double(columns - 1) : 0
                return ends[0][place] + part * (ends[1][place] - ends[0][place])
            }
        }
    }

    func regular(
        _ now: [Outlook], _ forms: [ForecastExplanation.Figure], _ pool: SpreadCalibration, _ request: ForecastRequest
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
                parameters: zip(TrendCandidates.names, pool.weights).map { .init("\($0), weight", $1) } + forms,
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
