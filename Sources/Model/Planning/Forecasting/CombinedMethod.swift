/// Forecasts many series as a pool: each is studied by itself, then what the trials of all of them showed decides how the
/// candidates are weighted and how wide the quantiles are.
///
/// The seam for batches. `study` is pure and may run on any thread, series by series; `Calibration` is made once from all
/// studies;
/// `forecast(_:_:)` then answers each, again on any thread. The answer does not depend on the number of threads. The pool of a
/// single series is that series.
public struct CombinedMethod: ForecastingMethod {
    public let name = "combined"
    /// Whether every series is followed by its level alone, as intermittent ones are.
    private let onlyCounts: Bool

    public init(onlyCounts: Bool = false) {
        self.onlyCounts = onlyCounts
    }

    /// What the trials of a pool showed.
    public struct Calibration: Sendable {
        fileprivate let counts: [DemandClass: CountCalibration]
        fileprivate let spreads: [DemandClass: SpreadCalibration]
    }

    public func study(_ history: DemandSeries, _ request: ForecastRequest) -> SeriesStudy {
        SeriesStudy(history, request, onlyCounts: onlyCounts)
    }

    public func calibrate(_ studies: [SeriesStudy], _ request: ForecastRequest) -> Calibration {
        let regular = studies.filter { if case .trend = $0.kind { true } else { false } }
        let counted = studies.filter { if case .counts = $0.kind { true } else { false } }
        // A class of few members borrows from its neighbour.
        func pool(_ members: [SeriesStudy], _ demandClass: DemandClass) -> [SeriesStudy] {
            let own = members.filter { $0.demandClass == demandClass }
            return own.count >= 100 ? own : members
        }
        var counts: [DemandClass: CountCalibration] = [:]
        var spreads: [DemandClass: SpreadCalibration] = [:]
        for demandClass in DemandClass.allCases {
            if counted.contains(where: { $0.demandClass == demandClass }) {
                counts[demandClass] = CountCalibration(pool(counted, demandClass), request)
            }
            if regular.contains(where: { $0.demandClass == demandClass }) {
                spreads[demandClass] = SpreadCalibration(pool(regular, demandClass), request)
            }
        }
        return Calibration(counts: counts, spreads: spreads)
    }

    public func forecast(_ study: SeriesStudy, _ calibration: Calibration, _ request: ForecastRequest) -> SeriesForecast {
        guard let demandClass = study.demandClass else { return study.settled(request) }
        switch study.kind {
        case .settled: return study.settled(request)
        case .counts(let now, _):
            guard let pool = calibration.counts[demandClass] else { return study.settled(request) }
            return study.counted(now, pool, request)
        case .trend(let now, let forms):
            guard let pool = calibration.spreads[demandClass] else { return study.settled(request) }
            return study.regular(now, forms, pool, request)
        }
    }

    public func forecast(_ history: DemandSeries, _ request: ForecastRequest) -> SeriesForecast {
        let study = study(history, request)
        return forecast(study, calibrate([study], request), request)
    }

    public func forecast(_ histories: [DemandSeries], _ request: ForecastRequest) -> [Result<SeriesForecast, ForecastError>] {
        let studies = histories.map { study($0, request) }
        let calibration = calibrate(studies, request)
        return studies.map { .success(forecast($0, calibration, request)) }
    }
}
