/// Forecasts intermittent demand in longer periods, where fewer are empty, and shares the result out evenly.
///
/// Periods are summed in blocks that end with the latest one. The aggregate-disaggregate approach (ADIDA) takes blocks as long as
/// the mean gap between demands; the multiple aggregation (IMAPA) averages over all lengths from one period up to that one. Each
/// aggregated series is smoothed with the weight between 0.1 and 0.3 that has the least squared one-step error.
///
/// Source: Nikolopoulos et al. (2011), "An aggregate-disaggregate intermittent demand approach (ADIDA) to forecasting", J.
/// Oper. Res. Soc. 62(3); Petropoulos & Kourentzes (2015), "Forecast combinations for intermittent demand", J. Oper. Res. Soc.
/// 66(6).
public struct TemporalAggregation: ForecastingMethod {
    public enum Lengths: Sendable, Hashable {
        /// Blocks of the mean gap: ADIDA.
        case meanGap
        /// Every length up to the mean gap: IMAPA.
        case upToMeanGap
    }

    public let lengths: Lengths
    public var name: String { lengths == .meanGap ? "adida" : "imapa" }
    private static let (least, most) = (0.1, 0.3)

    public init(_ lengths: Lengths = .upToMeanGap) {
        self.lengths = lengths
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) throws(ForecastError) -> SeriesForecast {
        guard let last = history.values.lastIndex(where: { $0 > 0 }) else {
            return NoDemand.forecast(request, periods: history.count)
        }
        let demands = history.values.count { $0 > 0 }
        let gap = max(1, Int((Double(last + 1) / Double(demands)).rounded(.toNearestOrEven)))
        let rates = (lengths == .meanGap ? gap...gap : 1...gap).map { length in
            (length: length, rate: Self.smoothed(Self.blocks(history.values, length)) / Double(length))
        }
        let rate = rates.reduce(0) { $0 + $1.rate } / Double(rates.count)
        // Blocks hide how single periods lie; their one-step errors are those of plain smoothing.
        let single = FollowedRate.smoothed(history.values, Self.least)
        return FollowedRate(rate: rate, meanSquare: single.meanSquare, smoothing: Self.least).forecast(
            name, history, request,
            ForecastExplanation(
                reason: "Demand is summed over longer periods, of which fewer are empty, smoothed there and shared out evenly.",
                parameters: [.init("mean gap", Double(last + 1) / Double(demands)), .init("level", rate)],
                candidates: rates.map { .init("level from blocks of \($0.length)", $0.rate) }))
    }

    /// Sums of whole blocks; what does not fill one at the beginning is left out.
    private static func blocks(_ values: [Double], _ length: Int) -> [Double] {
        stride(from: values.count % length, to: values.count, by: length).map { values[$0..<$0 + length].reduce(0, +) }
    }

    /// The level after the last block, by the weight with the least squared error: golden section, as the error has one valley.
    private static func smoothed(_ blocks: [Double]) -> Double {
        let ratio = (5.0.squareRoot() - 1) / 2
        func error(_ smoothing: Double) -> Double { FollowedRate.smoothed(blocks, smoothing).meanSquare }
        var (low, high) = (least, most)
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (leftError, rightError) = (error(left), error(right))
        while high - low > 1e-9 {
            if leftError < rightError {
                (high, right, rightError) = (right, left, leftError)
                left = high - ratio * (high - low)
                leftError = error(left)
            } else {
                (low, left, leftError) = (left, right, rightError)
                right = low + ratio * (high - low)
                rightError = error(right)
            }
        }
        return FollowedRate.smoothed(blocks, (low + high) / 2).rate
    }
}
