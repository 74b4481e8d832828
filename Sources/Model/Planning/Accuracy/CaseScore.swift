/// How one forecast of one series, made at one time, did against what then happened.
public struct CaseScore: Sendable, Hashable {
    public let actual: [Double]
    public let mean: [Double]
    /// What repeating the last demand, or the last season, would have expected.
    public let naive: [Double]
    public let levels: [Double]
    /// Nil where the history gives no scale.
    public let mase: Double?
    public let smape: Double?
    public let naive2MASE: Double?
    public let naive2SMAPE: Double?
    public let rmsse: Double?
    /// Mean pinball loss by level in units; divided by `scale` it is comparable between series.
    let pinball: [Double]
    /// Mean absolute change from period to period since the first demand; nil when there is none.
    let scale: Double?
    /// Periods in which no more was asked for than the quantile, by level.
    let covered: [Int]
    /// The same for sums over the protection interval, and how many sums there were.
    let sumsCovered: [Int]
    let sums: Int

    /// - Parameters:
    ///   - history: what was known, oldest first, not empty.
    ///   - actual: what then happened, at most `forecast.horizon` periods, at least one.
    ///   - season: the lag of the naive errors that MASE is scaled by.
    ///   - protection: periods that the sums of `forecast.protection` run over; 0 for none.
    public init(history: [Double], actual: [Double], forecast: SeriesForecast, season: Int, protection: Int = 0) {
        let mean = Array(forecast.mean.prefix(actual.count))
        self.actual = actual
        self.mean = mean
        levels = forecast.levels
        let lag = season > 1 && history.count >= season ? season : 1
        naive = (0..<actual.count).map { history[history.count - lag + $0 % lag] }
        mase = PointAccuracy.mase(actual: actual, forecast: mean, history: history, season: season)
        smape = CompetitionAccuracy.smape(actual: actual, forecast: mean)
        let naive2 = CompetitionAccuracy.naive2(history, season: season, horizon: actual.count)
        naive2MASE = PointAccuracy.mase(actual: actual, forecast: naive2, history: history, season: season)
        naive2SMAPE = CompetitionAccuracy.smape(actual: actual, forecast: naive2)
        // An item that was not yet listed did not change from period to period: M5 counts from the first demand.
        let listed = Array(history[(history.firstIndex { $0 != 0 } ?? 0)...])
        rmsse = PointAccuracy.rmsse(actual: actual, forecast: mean, history: listed)
        scale = PointAccuracy.lagged(listed, 1, abs).flatMap { $0 > 0 ? $0 : nil }
        let count = Double(actual.count)
        pinball = zip(forecast.quantiles, forecast.levels).map { row, level in
            zip(actual, row).reduce(0) {
                $0 + QuantileAccuracy.pinball(actual: $1.0, quantile: $1.1, level: level)
            } / count
        }
        covered = forecast.quantiles.map { row in zip(actual, row).count { $0 <= $1 + 1e-9 } }
        let windows = protection > 0 && !forecast.protection.isEmpty ? max(0, actual.count - protection + 1) : 0
        let totals = (0..<windows).map { start in actual[start..<start + protection].reduce(0, +) }
        sums = windows
        sumsCovered = forecast.protection.map { row in zip(totals, row).count { $0 <= $1 + 1e-9 } }
    }
}
