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
        let spreads = Self.pooled(regular) { SpreadCalibration($0, request) }
        let counted = studies.filter { if case .counts = $0.kind { true } else { false } }
        let counts = Self.pooled(counted) { members in
            CountCalibration(members.compactMap { if case .counts(let study) = $0.kind { study } else { nil } }, request)
        }
        return Calibration(counts: counts, spreads: spreads)
    }

    /// One calibration for each class that has members; a class of few borrows from its neighbours.
    private static func pooled<Calibrated>(
        _ members: [SeriesStudy], _ calibrate: ([SeriesStudy]) -> Calibrated
    ) -> [DemandClass: Calibrated] {
        var classes: [DemandClass: Calibrated] = [:]
        var shared: Calibrated?
        for (demandClass, own) in Dictionary(grouping: members, by: \.demandClass) {
            guard let demandClass else { continue }
            if own.count >= 100 {
                classes[demandClass] = calibrate(own)
            } else {
                let calibrated = shared ?? calibrate(members)
                shared = calibrated
                classes[demandClass] = calibrated
            }
        }
        return classes
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
        let study = study(history, request)
        return forecast(study, calibrate([study], request), request)
    }

    public func forecast(_ histories: [DemandSeries], _ request: ForecastRequest) -> [Result<SeriesForecast, ForecastError>] {
        let studies = histories.map { study($0, request) }
        let calibration = calibrate(studies, request)
        return studies.map { .success(forecast($0, calibration, request)) }
    }
}
