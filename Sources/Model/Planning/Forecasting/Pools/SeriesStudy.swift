/// What one history says by itself: its class, the candidates' outlooks, and the same again from earlier days.
///
/// Studying is most of the work and needs no other series, so that it may be shared among threads; the pool comes afterwards.
public final class SeriesStudy: Sendable {
    enum Kind: Sendable {
        /// Answered by a simple rule.
        case settled(SeriesForecast)
        /// Demand now and then, learnt from across the pool.
        case counts(CountStudy)
        case trend(now: [Outlook], forms: [(form: LaneSmoothing.Form, weight: Double)])
    }

    let kind: Kind
    let demandClass: DemandClass?
    let grain: Double
    let notes: [String]
    let trials: [Trial]
    /// Mean absolute difference between neighbouring periods: what errors of different series are measured in.
    let step: Double
    let largest: Double
    /// Seldom or often: what is compared across series.
    var isIntermittent: Bool { demandClass?.isIntermittent ?? false }

    init(_ history: DemandSeries, _ request: ForecastRequest, onlyCounts: Bool = false, season: PooledSeason? = nil) {
        let listed = history.sinceFirstDemand(keeping: max(8, min(history.season, 24)))
        notes =
            listed.count < history.count
            ? ["\(history.count - listed.count) empty periods before the first demand were left out."] : []
        let values = listed.values[...]
        let pattern = DemandPattern(listed)
        demandClass = pattern?.demandClass
        grain = listed.grain
        largest = values.max() ?? 0
        let differences = zip(values.dropFirst(), values).reduce(0) { $0 + abs($1.0 - $1.1) }
        step = differences / Double(max(1, values.count - 1))
        guard let demandClass, values.count >= 5, step > 0 else {
            trials = []
            kind = .settled(Self.simple(history, request))
            return
        }
        let origins = Self.origins(values.count, request, season: listed.season)
        if demandClass.isIntermittent || onlyCounts {
            trials = []
            kind = .counts(
                CountStudy(values, grain: grain, step: step, origins: origins, horizon: request.horizon, season: season))
            return
        }
        var trials = origins.map { origin in
            Trial(origin: origin, actual: values[origin..<min(values.count, origin + request.horizon)])
        }
        let now = TrendCandidates(values, season: listed.season, horizon: request.horizon)
        for place in trials.indices {
            let origin = trials[place].origin
            guard values[..<origin].contains(where: { $0 > 0 }) else { continue }
            let then = TrendCandidates(
                values[..<origin], season: listed.season, horizon: trials[place].actual.count, warm: now.points)
            trials[place].keep(then.outlooks, unit: largest)
        }
        self.trials = trials.filter { $0.candidateCount > 0 }
        kind = .trend(now: now.outlooks, forms: Array(now.forms.prefix(4)))
    }

    /// Up to four earlier days, oldest first, that leave enough to learn from and something to be judged by.
    private static func origins(_ count: Int, _ request: ForecastRequest, season: Int) -> [Int] {
        let least = max(6, count / 2, season <= ExponentialSmoothing.longestSeason && season > 1 ? 2 * season + 4 : 6)
        let horizon = request.horizon
        let steps = horizon < 4 ? [4, 3, 2, 1].map { $0 * horizon } : [3, 2, 1].map { max(1, ($0 * horizon + 2) / 3) }
        var origins: [Int] = []
        for step in steps where count - step >= least && origins.last != count - step { origins.append(count - step) }
        if origins.isEmpty, count - 1 >= max(6, count / 2) { return [max(max(6, count / 2), count - horizon)] }
        return origins
    }

    private static func simple(_ history: DemandSeries, _ request: ForecastRequest) -> SeriesForecast {
        (try? AutomaticMethod().forecast(history, request)) ?? NoDemand.forecast(request, periods: history.count)
    }
}
