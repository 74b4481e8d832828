/// Makes of what was recorded the history that a method learns from, and of the method's answer the forecast.
///
/// The stage before the methods and the one after them. Whatever it does can be switched off, is listed in the explanation with
/// the figure before and after, and leaves the record as it was.
public struct DemandPreparation: Sendable, Hashable {
    /// Whether periods without stock are raised to what would have been asked for.
    public var raisesStockOuts: Bool
    /// Whether outliers are replaced by what is usual; not by itself, since a stock has to serve large orders as well.
    public var replacesOutliers: Bool
    /// Whether known events are taken out of the history and put into the periods ahead.
    public var followsEvents: Bool

    public init(raisesStockOuts: Bool = true, replacesOutliers: Bool = false, followsEvents: Bool = true) {
        self.raisesStockOuts = raisesStockOuts
        self.replacesOutliers = replacesOutliers
        self.followsEvents = followsEvents
    }

    /// - Parameter horizon: periods ahead for which events are known.
    public func prepared(_ recorded: RecordedDemand, horizon: Int = 0) -> PreparedDemand {
        var prepared = PreparedDemand(recorded)
        if !recorded.predecessors.isEmpty { prepared.succeed() }
        if raisesStockOuts, !recorded.available.isEmpty {
            prepared.raise(StockOutDemand(prepared.series, available: recorded.available))
        }
        // What has a reason is no outlier.
        let known = followsEvents ? recorded.events.periods : []
        if replacesOutliers { prepared.replace(DemandOutliers(prepared.series, but: known)) }
        if followsEvents, !recorded.events.events.isEmpty {
            prepared.follow(EventEffects(prepared.series, recorded.events, horizon: horizon))
        }
        if let periods = recorded.endsAfter { prepared.end(after: periods, horizon) }
        return prepared
    }
}

/// A history as the methods see it, with the list of what differs from the record.
public struct PreparedDemand: Sendable, Hashable {
    public let recorded: RecordedDemand
    public private(set) var series: DemandSeries
    public private(set) var treatments: [DemandTreatment] = []
    public private(set) var notes: [String] = []
    public private(set) var adjustment = ForecastAdjustment()
    private var parameters: [ForecastExplanation.Figure] = []
    private var candidates: [ForecastExplanation.Figure] = []

    init(_ recorded: RecordedDemand) {
        self.recorded = recorded
        series = recorded.series
    }

    fileprivate mutating func succeed() {
        let succession = Succession(series.values, recorded.predecessors)
        take(succession.treatments)
        notes += succession.notes
    }

    fileprivate mutating func end(after periods: Double, _ horizon: Int) {
        guard periods < Double(horizon) else { return }
        adjustment = adjustment.followed(by: .ending(after: periods, horizon: horizon), horizon: horizon)
        notes.append("Phased out: nothing is asked for from \(short(max(0, periods))) periods ahead on.")
    }

    fileprivate mutating func raise(_ stockOuts: StockOutDemand) {
        take(stockOuts.treatments)
        let whole = Double(series.count)
        guard stockOuts.exposure < whole else { return }
        let share = "\(Int((100 * (1 - stockOuts.exposure / whole)).rounded())) % of the time"
        guard !stockOuts.treatments.isEmpty else {
            return notes.append("There was no stock for \(share), and nothing says that more would have been asked for.")
        }
        let missed = stockOuts.treatments.reduce(0) { $0 + $1.taken - $1.recorded }
        notes.append(
            "There was no stock for \(share): \(stockOuts.treatments.count) periods were raised by \(short(missed)) units in all."
        )
        // What was put in has no chance in it: the errors of the rest speak for all.
        adjustment.widening *= min(2, (whole / stockOuts.exposure).squareRoot())
    }

    fileprivate mutating func replace(_ outliers: DemandOutliers) {
        guard !outliers.treatments.isEmpty else { return }
        take(outliers.treatments)
        let periods = outliers.treatments.map { "\(short($0.recorded)) in period \($0.period)" }.joined(separator: ", ")
        notes.append("Outliers were replaced by what is usual: \(periods).")
    }

    fileprivate mutating func follow(_ effects: EventEffects) {
        take(effects.treatments)
        notes += effects.notes
        parameters += effects.effects.map { .init("event \($0.name)", $0.value) }
        candidates += effects.scores
        adjustment = ForecastAdjustment(
            factors: effects.adjustment.factors, additions: effects.adjustment.additions,
            variances: effects.adjustment.variances, factorVariances: effects.adjustment.factorVariances,
            widening: adjustment.widening)
    }

    private mutating func take(_ further: [DemandTreatment]) {
        treatments += further
        series = DemandSeries(trusted: further.applied(to: series.values), season: series.season)
    }

    /// Whether there is nothing to add to an answer, as for nearly every series.
    private var isUntouched: Bool {
        notes.isEmpty && parameters.isEmpty && candidates.isEmpty && treatments.isEmpty && adjustment.isNone
    }

    /// A method's answer to `series`, with what was known besides and what was done to the history.
    public func finished(_ answer: SeriesForecast) -> SeriesForecast {
        guard !isUntouched else { return answer }
        var finished = adjustment.applied(to: answer)
        finished.explanation.notes += notes
        finished.explanation.parameters += parameters
        finished.explanation.candidates += candidates
        finished.explanation.treatments += treatments
        return finished
    }
}

/// A figure as a person would say it.
func short(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
}
