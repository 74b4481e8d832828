/// Forecasts many series as a pool: each is studied by itself, then what the trials of all of them showed decides how the
/// candidates are weighted and how wide the quantiles are.
///
/// The seam for batches. `study` is pure and may run on any thread, series by series; `Calibration` is made from all studies, at
/// once or pool by pool; `forecast(_:_:)` then answers each, again on any thread. The answer does not depend on the number of
/// threads. The pool of a single series is that series.
public struct CombinedMethod: ForecastingMethod {
    public let name = "combined"
    /// Whether every series is followed by its level alone, as intermittent ones are.
    private let onlyCounts: Bool

    public init(onlyCounts: Bool = false) {
        self.onlyCounts = onlyCounts
    }

    /// What the trials of a pool showed.
    public struct Calibration: Sendable {
        fileprivate var counts: [DemandClass: CountCalibration] = [:]
        fileprivate var spreads: [DemandClass: SpreadCalibration] = [:]

        public init(_ parts: [Calibration] = []) {
            for part in parts {
                counts.merge(part.counts) { first, _ in first }
                spreads.merge(part.spreads) { first, _ in first }
            }
        }
    }

    /// Series that are learnt from together, and the classes that this is for.
    public struct Pool: Sendable {
        fileprivate let members: [SeriesStudy]
        fileprivate let classes: [DemandClass]
        fileprivate let isCounted: Bool
    }

    /// The season that intermittent series have in common, which each of them is then studied with; nil where none is seen.
    ///
    /// - Parameter ended: how many periods before the pool's last one each history ends; empty when all end together.
    public func season(_ histories: [DemandSeries], ended: [Int] = []) -> PooledSeason? {
        PooledSeason(histories, ended: ended)
    }

    /// - Parameter season: as this history sees it, should it have ended before others.
    public func study(_ history: DemandSeries, _ request: ForecastRequest, season: PooledSeason? = nil) -> SeriesStudy {
        SeriesStudy(history, request, onlyCounts: onlyCounts, season: season)
    }

    public func calibrate(_ studies: [SeriesStudy], _ request: ForecastRequest) -> Calibration {
        Calibration(pools(studies).map { calibrate($0, request) })
    }

    /// One pool for each class that has members; a class of few borrows from its neighbours.
    public func pools(_ studies: [SeriesStudy]) -> [Pool] {
        let regular = studies.filter { if case .trend = $0.kind { true } else { false } }
        let counted = studies.filter { if case .counts = $0.kind { true } else { false } }
        return Self.pools(regular, isCounted: false) + Self.pools(counted, isCounted: true)
    }

    private static func pools(_ members: [SeriesStudy], isCounted: Bool) -> [Pool] {
        var pools: [Pool] = []
        var few: [DemandClass] = []
        for demandClass in DemandClass.allCases {
            let own = members.filter { $0.demandClass == demandClass }
            if own.count >= 100 {
                pools.append(Pool(members: own, classes: [demandClass], isCounted: isCounted))
            } else if !own.isEmpty {
                few.append(demandClass)
            }
        }
        return few.isEmpty ? pools : pools + [Pool(members: members, classes: few, isCounted: isCounted)]
    }

    /// One pool by itself, on any thread; put together with the others by `Calibration(_:)`.
    public func calibrate(_ pool: Pool, _ request: ForecastRequest) -> Calibration {
        var calibration = Calibration()
        if pool.isCounted {
            let studies = pool.members.compactMap { if case .counts(let study) = $0.kind { study } else { nil } }
            let counts = CountCalibration(studies, request)
            for demandClass in pool.classes { calibration.counts[demandClass] = counts }
        } else {
            let spreads = SpreadCalibration(pool.members, request)
            for demandClass in pool.classes { calibration.spreads[demandClass] = spreads }
        }
        return calibration
    }

    public func forecast(_ study: SeriesStudy, _ calibration: Calibration, _ request: ForecastRequest) -> SeriesForecast {
        guard let demandClass = study.demandClass else { return study.settled(request) }
        switch study.kind {
        case .settled: return study.settled(request)
        case .counts(let counts):
            guard let pool = calibration.counts[demandClass] else { return study.settled(request) }
            return study.counted(counts, pool, request)
        case .trend(let now, let forms):
            guard let pool = calibration.spreads[demandClass] else { return study.settled(request) }
            return study.regular(now, forms, pool, request)
        }
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) -> SeriesForecast {
        let study = study(history, request, season: season([history]))
        return forecast(study, calibrate([study], request), request)
    }

    public func forecast(_ histories: [DemandSeries], _ request: ForecastRequest) -> [Result<SeriesForecast, ForecastError>] {
        let season = season(histories)
        let studies = histories.map { study($0, request, season: season) }
        let calibration = calibrate(studies, request)
        return studies.map { .success(forecast($0, calibration, request)) }
    }
}
