import CanonicalModel
import CanonicalStore
import Planning
import Vocabulary

/// What one source believed of one item at one location, cycle after cycle, beside the demand in the same periods.
struct BelievedSeries {
    let item: ID<Item>
    /// The first day of period 0.
    let start: BusinessDate
    let periodDays: Int
    /// What held: of the same first day a planner's figures, where there are any.
    let snapshots: ForecastSnapshots
    /// The figures without planners; nil when none of them has made any.
    let statistical: ForecastSnapshots?
    /// Units by period; nil where something was not in stock.
    let demand: [Double?]

    /// - Parameters:
    ///   - kept: their periods all begin whole periods after `start`; of the same first day a later one counts.
    ///   - demand: day by day; nil when nothing was ever asked for.
    ///   - end: the day from which on the demand is not known.
    init(
        item: ID<Item>, start: BusinessDate, periodDays: Int, kept: [KeptForecasts.Kept], demand: DemandByPeriod?,
        end: BusinessDate
    ) {
        self.item = item
        self.start = start
        self.periodDays = periodDays
        func snapshots(_ kept: [KeptForecasts.Kept]) -> ForecastSnapshots {
            ForecastSnapshots(
                kept.map { .init(origin: $0.start.days(since: start) / periodDays, mean: $0.mean, upper: $0.upper) })
        }
        let plain = kept.filter { $0.source != .planners }
        self.snapshots = snapshots(plain + kept.filter { $0.source == .planners })
        statistical = plain.count < kept.count ? snapshots(plain) : nil
        self.demand = (0..<max(0, end.days(since: start) / periodDays)).map { period in
            guard let demand else { return 0 }
            let first = start.adding(days: period * periodDays).days(since: demand.periods.start)
            let days = (first..<first + periodDays).clamped(to: demand.quantities.indices)
            return demand.censored[days].contains(true) ? nil : demand.quantities[days].reduce(0) { $0 + $1.double }
        }
    }

    /// The periods that lie wholly within some days.
    func periods(from first: BusinessDate, until end: BusinessDate) -> Range<Int> {
        let low = max(0, (first.days(since: start) + periodDays - 1) / periodDays)
        return low..<max(low, end.days(since: start) / periodDays)
    }
}

/// The sums of all series judged so far.
struct Tally {
    private let lag: Int
    private var breakdown = AccuracyBreakdown()
    private var naive = AccuracySums()
    private var statistical = AccuracySums()
    private var isOverridden = false
    private var byLag: [(lag: Int, sums: AccuracySums)]
    private var unknown = 0

    init(lag: Int, lags: [Int]) {
        self.lag = lag
        byLag = lags.map { ($0, AccuracySums()) }
    }

    mutating func add(_ series: BelievedSeries, from: BusinessDate, until: BusinessDate, of key: SeriesKey) throws {
        let periods = series.periods(from: from, until: until)
        for index in byLag.indices {
            let judged = try series.snapshots.judge(
                series.demand, in: periods, lag: byLag[index].lag, level: AccuracyDesk.level)
            guard judged.forecast.periods > 0 || judged.unknown > 0 else { continue }
            byLag[index].sums = byLag[index].sums + judged.forecast
            guard byLag[index].lag == lag else { continue }
            naive = naive + judged.naive
            let plain = try series.statistical?.judge(
                series.demand, in: periods, lag: lag, level: AccuracyDesk.level)
            statistical = statistical + (plain?.forecast ?? judged.forecast)
            isOverridden = isOverridden || plain != nil
            unknown += judged.unknown
            if judged.forecast.periods > 0 { breakdown.add(judged.forecast, of: key) }
        }
    }

    func report(_ question: AccuracyQuestion, from: BusinessDate, until: BusinessDate) -> AccuracyReport {
        let groups = breakdown.groups(by: question.group.level)
        let steps =
            isOverridden
            ? [("naive", naive), ("statistical", statistical), ("override", breakdown.total)]
            : [("naive", naive), ("forecast", breakdown.total)]
        return AccuracyReport(
            from: from, until: until, lag: lag, by: question.group.rawValue, total: .init(breakdown.total),
            steps: ForecastValueAdded(steps).steps.map(AccuracyReport.Step.init),
            lags: byLag.filter { $0.sums.periods > 0 }.map { .init(lag: $0.lag, figures: .init($0.sums)) },
            groups: groups.prefix(question.limit).map { .init(name: $0.name, figures: .init($0.sums)) },
            groupsInAll: groups.count, unknownPeriods: unknown)
    }
}
