/// The scores by which forecasting engines are compared: means over series and origins, or ratios of sums over all of them.
///
/// Definitions as in M4 (sMAPE, OWA) and M5 (RMSSE, scaled pinball loss). A case without a scale is left out of the scaled means.
public struct ForecastScores: Sendable {
    public let levels: [Double]
    public private(set) var cases = 0
    private var periods = 0
    private var mase = Mean()
    private var smape = Mean()
    private var naive2MASE = Mean()
    private var naive2SMAPE = Mean()
    private var rmsse = Mean()
    private var pinball: [Mean]
    private var covered: [Int]
    private var sums = 0
    private var sumsCovered: [Int]
    private var absolute = 0.0
    private var naiveAbsolute = 0.0
    private var signed = 0.0
    private var actual = 0.0
    private var ahead: [(error: Double, actual: Double)] = []

    private struct Mean: Sendable, Hashable {
        var sum = 0.0
        var count = 0.0
        var value: Double? { count > 0 ? sum / count : nil }
        mutating func add(_ value: Double?) {
            guard let value else { return }
            sum += value
            count += 1
        }
    }

    public init(levels: [Double] = ForecastRequest.standardLevels) {
        self.levels = levels
        pinball = levels.map { _ in Mean() }
        covered = levels.map { _ in 0 }
        sumsCovered = covered
    }

    /// - Parameter score: of a forecast with the same levels.
    public mutating func add(_ score: CaseScore) {
        cases += 1
        periods += score.actual.count
        mase.add(score.mase)
        smape.add(score.smape)
        naive2MASE.add(score.naive2MASE)
        naive2SMAPE.add(score.naive2SMAPE)
        rmsse.add(score.rmsse)
        for level in levels.indices {
            if let scale = score.scale { pinball[level].add(score.pinball[level] / scale) }
            covered[level] += score.covered[level]
            if score.sums > 0 { sumsCovered[level] += score.sumsCovered[level] }
        }
        sums += score.sums
        while ahead.count < score.actual.count { ahead.append((0, 0)) }
        for (step, value) in score.actual.enumerated() {
            let error = abs(value - score.mean[step])
            absolute += error
            naiveAbsolute += abs(value - score.naive[step])
            signed += score.mean[step] - value
            actual += abs(value)
            ahead[step].error += error
            ahead[step].actual += abs(value)
        }
    }

    /// `sum |y - f| / sum |y|`.
    public var wape: Double? { PointAccuracy.ratio(absolute, actual) }
    /// `sum (f - y) / sum |y|`; positive when too much was forecast.
    public var bias: Double? { PointAccuracy.ratio(signed, actual) }
    /// WAPE of repeating the last demand or season, over the same periods.
    public var naiveWAPE: Double? { PointAccuracy.ratio(naiveAbsolute, actual) }
    /// What the forecast is worth: the naive WAPE less its own; positive when it helps.
    public var valueAdded: Double? { naiveWAPE.flatMap { naive in wape.map { naive - $0 } } }
    public var meanMASE: Double? { mase.value }
    public var meanSMAPE: Double? { smape.value }
    /// Mean of sMAPE and MASE, each over that of the benchmark `naive2`.
    public var overallWeightedAverage: Double? {
        guard let mase = mase.value, let smape = smape.value, let base = naive2MASE.value, let other = naive2SMAPE.value,
            base > 0, other > 0
        else { return nil }
        return (smape / other + mase / base) / 2
    }
    public var meanRMSSE: Double? { rmsse.value }
    public func scaledPinball(_ level: Int) -> Double? { pinball[level].value }
    /// Mean over the levels.
    public var meanScaledPinball: Double? {
        let values = pinball.compactMap(\.value)
        return values.count == levels.count && !values.isEmpty ? values.reduce(0, +) / Double(values.count) : nil
    }
    /// Share of periods in which no more was asked for than the quantile.
    public func coverage(_ level: Int) -> Double? { PointAccuracy.ratio(Double(covered[level]), Double(periods)) }
    /// The same of the demand summed over the protection interval.
    public func sumCoverage(_ level: Int) -> Double? { PointAccuracy.ratio(Double(sumsCovered[level]), Double(sums)) }
    /// WAPE of each period ahead.
    public var wapeAhead: [Double?] { ahead.map { PointAccuracy.ratio($0.error, $0.actual) } }
}
