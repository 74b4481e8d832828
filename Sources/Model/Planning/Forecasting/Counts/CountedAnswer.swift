extension SeriesStudy {
    func counted(_ counts: CountStudy, _ pool: CountCalibration, _ request: ForecastRequest) -> SeriesForecast {
        let demand = pool.demand(counts.now, counts)
        let length = request.protection.flatMap { $0 <= request.horizon ? $0 : nil }
        let plain = SeriesForecast(
            method: "pooledLevel", mean: [Double](repeating: demand.mean, count: request.horizon),
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
            let sum = pool.sum(demand, length: length)
            return counts.quantiles(mean: sum.mean, variance: sum.variance, levels).map {
                [Double](repeating: $0, count: request.horizon - length + 1)
            }
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
