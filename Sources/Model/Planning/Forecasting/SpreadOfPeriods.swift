extension ForecastSpread {
    /// The spread of a forecast of which only each period's own deviation is known, as outside platforms give them.
    ///
    /// How fast the deviations grow tells how much the errors of the periods hang together: they are read as those of simple
    /// exponential smoothing, whose weight `a` of past errors follows from the first and the last by least squares,
    /// `v_h = v_1 (1 + (h - 1) a^2)`. Deviations that do not grow are errors that have nothing to do with each other.
    /// Source: Hyndman, Koehler, Ord, Snyder (2008), "Forecasting with Exponential Smoothing", section 6.1, ETS(A,N,N).
    ///
    /// - Parameter deviations: of each period's demand, units, shape `[periods]`; negative and NaN count as 0.
    public init(periods deviations: [Double], shape: DemandDistribution.Shape = .matched(grain: 0)) {
        let variances = deviations.map { $0 > 0 ? $0 * $0 : 0 }
        let first = variances.first ?? 0
        var (crossed, squares) = (0.0, 0.0)
        for (lag, variance) in variances.enumerated() where lag > 0 && first > 0 {
            crossed += Double(lag) * (variance / first - 1)
            squares += Double(lag) * Double(lag)
        }
        // A weight above 1 would say that demand answers to an error by more than the error.
        let weight = squares > 0 ? min(1, max(0, crossed / squares)).squareRoot() : 0
        self.init(
            deviation: first.squareRoot(), weights: [Double](repeating: weight, count: max(0, deviations.count - 1)), shape: shape
        )
    }
}
