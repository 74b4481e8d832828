extension ForecastAdjustment {
    /// A demand that ends: nothing is asked for from some day on.
    ///
    /// - Parameter periods: from now until then; a part of a period keeps that part of its demand.
    public static func ending(after periods: Double, horizon: Int) -> ForecastAdjustment {
        ForecastAdjustment(factors: (0..<horizon).map { min(max(periods - Double($0), 0), 1) })
    }

    /// Both, one after the other.
    func followed(by next: ForecastAdjustment, horizon: Int) -> ForecastAdjustment {
        func value(_ values: [Double], _ place: Int, else missing: Double) -> Double {
            place < values.count ? values[place] : missing
        }
        let periods = 0..<horizon
        let factors = periods.map { value(next.factors, $0, else: 1) }
        return ForecastAdjustment(
            factors: periods.map { factors[$0] * value(self.factors, $0, else: 1) },
            additions: periods.map { factors[$0] * value(additions, $0, else: 0) + value(next.additions, $0, else: 0) },
            variances: periods.map {
                factors[$0] * factors[$0] * value(variances, $0, else: 0) + value(next.variances, $0, else: 0)
            },
            factorVariances: periods.map { factors[$0] * factors[$0] * value(factorVariances, $0, else: 0) },
            widening: widening * next.widening)
    }
}
