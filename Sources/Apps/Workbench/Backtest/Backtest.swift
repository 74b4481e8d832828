import Planning
import Vocabulary

/// Forecasts made again as of earlier days, and what they were worth: the demand after each cutoff is hidden from them and then
/// compared with what they said.
public struct Backtest: Sendable {
    public let frequency: Frequency
    public let season: Int
    /// The lag of the naive errors that MASE is scaled by; usually the season.
    public let scaleSeason: Int
    public let horizon: Int
    /// The last days that a forecast may see, ascending.
    public let cutoffs: [BusinessDate]
    /// Lead time and review interval of the stock that is simulated on the forecasts; nil for none.
    public let review: PeriodicReview?
    public let threads: Int
    /// The level that the simulated stock is held at.
    static let stockLevel = 0.95

    /// - Throws: `.option` when there is no cutoff or a figure cannot be.
    public init(
        frequency: Frequency, season: Int, scaleSeason: Int? = nil, horizon: Int, cutoffs: [BusinessDate],
        review: PeriodicReview? = nil, threads: Int = 1
    ) throws(WorkbenchError) {
        guard !cutoffs.isEmpty else { throw .option(name: "--cutoff", found: "nothing", expected: "at least one day") }
        if let review, review.protection > horizon {
            throw .option(
                name: "--horizon", found: "\(horizon)", expected: "at least lead time and review, \(review.protection)")
        }
        self.frequency = frequency
        self.season = season
        self.scaleSeason = scaleSeason ?? season
        self.horizon = horizon
        self.cutoffs = Set(cutoffs).sorted()
        self.review = review
        self.threads = threads
    }

    /// The last origins from which a whole horizon can still be compared, `step` periods apart, oldest first.
    public static func cutoffs(
        _ file: DemandFile, _ frequency: Frequency, horizon: Int, origins: Int, step: Int
    ) -> [BusinessDate] {
        let ends = file.series.map { frequency.day($0.values.count - 1, after: $0.first) }
        guard let last = ends.max() else { return [] }
        return (0..<max(1, origins)).map { frequency.day(-(horizon + $0 * max(1, step)), after: last) }.reversed()
    }

    /// What time passes by while forecasts are made; what is read and written is not in it.
    public struct Meter: Sendable {
        /// Seconds that this process has used of all processors so far.
        let processor: @Sendable () -> Double
        let clock: WallClock

        public init(processor: @escaping @Sendable () -> Double, clock: WallClock) {
            self.processor = processor
            self.clock = clock
        }
    }

    /// - Throws: `ForecastError`; nothing is compared when no series goes on after a cutoff.
    public func run(
        _ method: ForecastRun.Method, _ file: DemandFile, meter: Meter? = nil
    ) async throws -> BacktestResult {
        let request = try ForecastRequest(horizon: horizon, protection: review?.protection)
        let engine = ForecastRun(
            frequency: frequency, season: season, request: request, threads: threads, method: method)
        var result = BacktestResult(method: method, levels: request.levels)
        var stocks: [String: SimulatedStock] = [:]
        for cutoff in cutoffs {
            let known = file.series.compactMap { series -> ForecastRun.Known? in
                let count = engine.periods(of: series, upTo: cutoff)
                return count > 0 ? .init(series: series, count: count) : nil
            }
            let before = meter.map { ($0.processor(), $0.clock.now()) }
            let answers = try await engine.forecasts(known)
            if let meter, let (processor, time) = before {
                result.seconds += meter.processor() - processor
                result.elapsed += (meter.clock.now() - time).inSeconds
            }
            // A series that has ended is part of the pool, and there is nothing to compare it with.
            let going = zip(known, answers).filter { $0.0.count < $0.0.series.values.count }
            let (scaleSeason, horizon, protection) = (scaleSeason, horizon, review?.protection ?? 0)
            let scores = try await inParts(going, threads: threads) { entry, forecast in
                CaseScore(
                    history: Array(entry.series.values[..<entry.count]),
                    actual: Array(entry.series.values[entry.count...].prefix(horizon)), forecast: forecast, season: scaleSeason,
                    protection: protection)
            }
            for score in scores { result.scores.add(score) }
            guard review != nil else { continue }
            for (entry, forecast) in going {
                // Stock is simulated from the first cutoff on, for what could be forecast then.
                if cutoff == cutoffs[0] { stocks[entry.series.id] = SimulatedStock(from: entry.count) }
                stocks[entry.series.id]?.believe(forecast, at: entry.count, until: entry.series.values.count)
            }
        }
        if let review { result.stock = stock(file, stocks, review) }
        return result
    }

    private func stock(
        _ file: DemandFile, _ stocks: [String: SimulatedStock], _ review: PeriodicReview
    ) -> PeriodicReview.Result {
        let whole = file.series.allSatisfy { $0.values.allSatisfy { $0 == $0.rounded() } }
        return file.series.reduce(PeriodicReview.Result()) { sum, series in
            guard let stock = stocks[series.id] else { return sum }
            return sum + stock.run(series.values, review, wholeUnits: whole)
        }
    }
}

/// The order-up-to levels of one series as its forecasts gave them, one after the other.
private struct SimulatedStock {
    let start: Int
    /// Shape `[periods since start]`; a later forecast has replaced what an earlier one said.
    private var levels: [Double] = []

    init(from start: Int) {
        self.start = start
    }

    mutating func believe(_ forecast: SeriesForecast, at origin: Int, until end: Int) {
        guard let row = forecast.levels.firstIndex(of: Backtest.stockLevel), row < forecast.protection.count else { return }
        // A level is used while its whole interval can be observed, as when its quantile is judged.
        let observed = min(forecast.protection[row].count, end - origin - (forecast.horizon - forecast.protection[row].count))
        guard observed > 0 else { return }
        for ahead in 0..<observed {
            let period = origin - start + ahead
            while levels.count <= period { levels.append(levels.last ?? forecast.protection[row][0]) }
            levels[period] = forecast.protection[row][ahead]
        }
    }

    func run(_ values: [Double], _ review: PeriodicReview, wholeUnits: Bool) -> PeriodicReview.Result {
        guard let first = levels.first else { return .init() }
        func rounded(_ level: Double) -> Double { wholeUnits ? (level + 0.5).rounded(.down) : level }
        let demand = Array(values[start...].prefix(levels.count))
        return review.run(demand, start: rounded(first)) { rounded(levels[min($0, levels.count - 1)]) }
    }
}
