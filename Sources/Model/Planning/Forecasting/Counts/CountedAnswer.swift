extension SeriesStudy {
    func counted(_ counts: CountStudy, _ pool: CountCalibration, _ request: ForecastRequest) -> SeriesForecast {
        let demand = pool.demand(counts.now, counts)
        let length = request.protection.flatMap { $0 <= request.horizon ? $0 : nil }
        let plain = SeriesForecast(
            method: "pooledLevel", mean: (0..<request.horizon).map { demand.mean * (counts.season?.factor($0) ?? 1) },
            spread: ForecastSpread(
                deviation: (demand.variance * (1 - pool.correlation)).squareRoot(),
                levelVariance: demand.variance * pool.correlation, shape: .counts(grain: grain)),
            levels: [], residualDeviation: demand.variance.squareRoot(),
            explanation: ForecastExplanation(
                reason:
                    "Demand comes now and then: its level is read from several speeds and from how often it comes, as the pool "
                    + "of similar series teaches.",
                demandClass: demandClass,
                parameters: [
                    .init("level", demand.mean), .init("variance", demand.variance), .init("plain mean", counts.now.mean),
                    .init("trials in the pool", Double(pool.trialCount)),
                ] + pool.weights,
                candidates: pool.scores, notes: notes))
        func rows(_ levels: [Double], length: Int) -> [[Double]] {
            let starts = request.horizon - length + 1
            let different = min(starts, counts.season?.factors.count ?? 1)
            let tables = (0..<different).map { first in
                let factors = (first..<first + length).map { counts.season?.factor($0) ?? 1 }
                let sum = pool.sum(demand, factors[...])
                return counts.quantiles(mean: sum.mean, variance: sum.variance, levels)
            }
            return levels.indices.map { level in (0..<starts).map { tables[$0 % different][level] } }
        }
        return SeriesForecast(
            plain, levels: request.levels, quantiles: rows(pool.periodLevels, length: 1),
            protection: length.map { rows(pool.sumLevels, length: $0) } ?? [])
    }
}

extension CountStudy {
    /// Quantiles at levels in any order: shifted levels may cross, and what crosses is put right with the answer.
    fileprivate func quantiles(mean: Double, variance: Double, _ levels: [Double]) -> [Double] {
        let order = levels.indices.sorted { levels[$0] < levels[$1] }
        var table: [Double] = []
        CountTable(order.map { levels[$0] }).quantiles(mean: mean, variance: variance, grain: grain, into: &table)
        var quantiles = table
        for (place, index) in order.enumerated() { quantiles[index] = table[place] }
        return quantiles
    }
}
