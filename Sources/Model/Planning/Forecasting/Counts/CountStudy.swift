/// One intermittent history by itself: how it stands now, how it stood on earlier days, and what came the day after.
final class CountStudy: Sendable {
    /// How the series stood at an earlier day, and where in `latest` is what then came, up to one horizon.
    struct Trial: Sendable {
        let state: CountState
        let came: Range<Int>
    }

    let now: CountState
    /// Of the latest periods, oldest first; see `CountState.row`.
    let rows: [CountState.Figures]
    let trials: [Trial]
    /// The periods since the first trial's day.
    let latest: [Double]
    /// The step in which levels are counted: the item's grain, or the mean size of a demand where amounts share no step.
    let unit: Double
    let grain: Double
    /// Mean absolute difference between neighbouring periods: what errors of different series are measured in.
    let step: Double
    /// What the pool says of its season.
    let season: PooledSeason?

    /// Latest periods that are learnt from, and what each older one still counts: a pool of many soon knows how its levels move
    /// now.
    private static let learning = 10
    private static let discount = 0.85
    /// Periods that must be known before what came next says something of the method.
    private static let settling = 6

    /// - Parameter origins: periods known at each earlier day, ascending.
    init(
        _ values: ArraySlice<Double>, grain: Double, step: Double, origins: [Int], horizon: Int, season: PooledSeason? = nil
    ) {
        self.season = season
        self.grain = grain
        self.step = step
        var (sum, events) = (0.0, 0.0)
        for value in values where value > 0 { (sum, events) = (sum + value, events + 1) }
        unit = grain > 0 ? grain : events > 0 ? sum / events : 1
        let start = values.startIndex
        let firstRow = max(Self.settling, values.count - Self.learning)
        var trace = DemandTrace()
        var nextOrigin = 0
        let firstOrigin = origins.first ?? values.count
        var trials: [Trial] = []
        trials.reserveCapacity(origins.count)
        var states: [CountState] = []
        states.reserveCapacity(Self.learning)
        for (period, value) in values.enumerated() {
            let isOrigin = nextOrigin < origins.count && origins[nextOrigin] == period
            if period >= firstRow || isOrigin {
                let state = CountState(trace, unit: unit)
                if period >= firstRow { states.append(state) }
                if isOrigin {
                    let end = min(values.count, period + horizon)
                    trials.append(Trial(state: state, came: period - firstOrigin..<end - firstOrigin))
                    nextOrigin += 1
                }
            }
            if let season { trace.add(value, factor: season.factor(period - values.count)) } else { trace.add(value) }
        }
        self.trials = trials
        latest = Array(values[(start + firstOrigin)...])
        now = CountState(trace, unit: unit)
        let dispersion = max(now.variance / max(now.mean, 1e-300), grain)
        var weight = dispersion > 0 ? 1 / dispersion : 0
        var rows: [CountState.Figures] = []
        rows.reserveCapacity(states.count)
        for (place, state) in states.enumerated().reversed() {
            if state.reference > 0 {
                let period = firstRow + place
                let factor = season?.factor(period - values.count) ?? 1
                rows.append(state.row(outcome: values[start + period] / factor, weight: weight * factor))
            }
            weight *= Self.discount
        }
        self.rows = rows
    }
}
