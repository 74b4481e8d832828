/// What a pool of items says of each one's demand until the order after the next arrives.
///
/// The seam for batches, as in `CombinedMethod`: `study` runs series by series on any thread, `calibrate` once over all studies,
/// `outlook` series by series again.
public struct PooledOutlooks: Sendable {
    private static let levels = [0.05, 0.1, 0.2, 0.3, 0.4] + ForecastRequest.standardLevels + [0.995]
    private let window: Sums
    /// Nil when goods come at once.
    private let leadTime: Sums?

    /// Sums over so many periods, as a pool forecasts them.
    private struct Sums: Sendable {
        let method = CombinedMethod()
        let request: ForecastRequest

        func demand(_ study: SeriesStudy, _ calibration: CombinedMethod.Calibration, grain: Double) -> any IntervalDemand {
            let forecast = method.forecast(study, calibration, request)
            let values = forecast.protection.map { $0.first ?? 0 }
            if let quantiles = try? QuantileDemand(levels: forecast.levels, values: values, grain: grain) { return quantiles }
            return DemandDistribution(mean: forecast.mean.reduce(0, +), variance: 0)
        }
    }

    public struct Study: Sendable {
        fileprivate let grain: Double
        fileprivate let window: SeriesStudy
        fileprivate let leadTime: SeriesStudy?
    }

    public struct Calibration: Sendable {
        fileprivate let window: CombinedMethod.Calibration
        fileprivate let leadTime: CombinedMethod.Calibration?
    }

    public init(_ review: PeriodicReview) throws(ForecastError) {
        func sums(_ periods: Int) throws(ForecastError) -> Sums {
            Sums(request: try ForecastRequest(horizon: periods, levels: Self.levels, protection: periods))
        }
        window = try sums(review.protection)
        leadTime = review.leadTime > 0 ? try sums(review.leadTime) : nil
    }

    /// The season that the intermittent ones have in common; all end in the same period.
    public func season(_ histories: [DemandSeries]) -> PooledSeason? { window.method.season(histories) }

    /// - Parameters:
    ///   - history: what is known, oldest first.
    ///   - season: what its pool says of it.
    public func study(_ history: DemandSeries, season: PooledSeason? = nil) -> Study {
        // A lot of a dozen is seen in the data; an amount that only looks like one has a step near the smallest.
        let grain = history.grain
        return Study(
            grain: grain < 1e-3 ? 0 : grain, window: window.method.study(history, window.request, season: season),
            leadTime: leadTime.map { $0.method.study(history, $0.request, season: season) })
    }

    public func calibrate(_ studies: [Study]) -> Calibration {
        Calibration(
            window: window.method.calibrate(studies.map(\.window), window.request),
            leadTime: leadTime.map { $0.method.calibrate(studies.compactMap(\.leadTime), $0.request) })
    }

    public func outlook(_ study: Study, _ calibration: Calibration) -> StockingRule.Outlook {
        var early: (any IntervalDemand)?
        if let leadTime, let studied = study.leadTime, let learnt = calibration.leadTime {
            early = leadTime.demand(studied, learnt, grain: study.grain)
        }
        return StockingRule.Outlook(
            window: window.demand(study.window, calibration.window, grain: study.grain), leadTime: early)
    }

    /// All at once, in order.
    public func outlooks(_ histories: [DemandSeries]) -> [StockingRule.Outlook] {
        let season = season(histories)
        let studies = histories.map { study($0, season: season) }
        let calibration = calibrate(studies)
        return studies.map { outlook($0, calibration) }
    }
}
