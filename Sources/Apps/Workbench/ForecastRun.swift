import Foundation
import Planning
import Vocabulary

/// Demand files turned into forecast files: read, cut off, studied on several threads, pooled, written.
public struct ForecastRun: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case automatic, ets, croston, tsb, adida, imapa, smoothing, lotBootstrap, seasonalNaive, naive, mean, level
    }

    public let frequency: Frequency
    public let season: Int
    public let request: ForecastRequest
    public let threads: Int
    public let method: Method
    public let besides: KnownBesides

    public init(
        frequency: Frequency, season: Int, request: ForecastRequest, threads: Int, method: Method = .automatic,
        besides: KnownBesides = KnownBesides()
    ) {
        self.frequency = frequency
        self.season = season
        self.request = request
        self.threads = max(1, threads)
        self.method = method
        self.besides = besides
    }

    /// What was written.
    public struct Outcome: Sendable, Hashable {
        public var series = 0
        public var rows = 0
        /// Series with nothing known up to the cutoff.
        public var skipped = 0
    }

    /// - Parameters:
    ///   - cutoffs: the last day that a forecast may see; empty for everything.
    ///   - explanations: a file for why each forecast is what it is, a JSON object a line; nil for none.
    public func write(
        _ file: DemandFile, cutoffs: [BusinessDate], to path: String, explanations: String? = nil,
        progress: @Sendable (String) -> Void = { _ in }
    ) async throws -> Outcome {
        let output = try GzipFile(writing: path)
        let (request, frequency) = (request, frequency)
        let reasons = try explanations.map { path throws(WorkbenchError) in try ExplanationFile(path, frequency) }
        try output.write(ForecastTable(request).header())
        var outcome = Outcome()
        for cutoff in cutoffs.isEmpty ? [nil] : cutoffs.map(Optional.some) {
            var listed: [Known] = []
            for series in file.series {
                let count = cutoff.map { periods(of: series, upTo: $0) } ?? series.values.count
                if count > 0 { listed.append(Known(series: series, count: count)) } else { outcome.skipped += 1 }
            }
            let known = listed
            progress("\(known.count) series\(cutoff.map { " up to \($0)" } ?? "")")
            let answer = try await answers(known)
            // Answers are made and written piece by piece: all of them at once would outweigh what they are made of.
            for start in stride(from: 0, to: known.count, by: Self.piece) {
                let places = Array(start..<min(known.count, start + Self.piece))
                let written = try await inParts(places, threads: threads) { place in
                    var table = ForecastTable(request)
                    let forecast = try answer(place)
                    let rows = table.append(forecast, known[place].series, count: known[place].count, frequency)
                    return (forecast: forecast, rows: rows, bytes: table.drained())
                }
                for (place, text) in zip(places, written) {
                    outcome.rows += text.rows
                    try output.write(text.bytes)
                    try reasons?.write(text.forecast, known[place].series, count: known[place].count)
                }
            }
            outcome.series += known.count
        }
        return outcome
    }

    /// Series whose answers are held at a time.
    private static let piece = 1024

    /// A series and how many of its periods may be seen.
    struct Known: Sendable {
        let series: DemandFile.Series
        let count: Int
    }

    func periods(of series: DemandFile.Series, upTo cutoff: BusinessDate) -> Int {
        guard cutoff >= series.first else { return 0 }
        // The last period that begins on or before the cutoff.
        var (low, high) = (0, series.values.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if frequency.day(middle, after: series.first) <= cutoff { low = middle } else { high = middle - 1 }
        }
        return low + 1
    }

    /// How many periods before the last one of all each series ends.
    private func endings(_ known: [Known]) -> [Int] {
        let last = known.map { frequency.day($0.count - 1, after: $0.series.first) }
        guard let latest = last.max() else { return [] }
        return last.map { frequency.period(of: latest, from: $0) }
    }

    func forecasts(_ known: [Known]) async throws -> [SeriesForecast] {
        let answer = try await answers(known)
        return try await inParts(Array(known.indices), threads: threads) { try answer($0) }
    }

    /// What was studied of all series, ready to answer each.
    private func answers(_ known: [Known]) async throws -> @Sendable (Int) throws -> SeriesForecast {
        let (request, season) = (request, season)
        let prepared = try await inParts(known, threads: threads) { entry in
            try besides.prepared(entry.series, count: entry.count, season: season, horizon: request.horizon, frequency)
        }
        let single: (any ForecastingMethod)? =
            switch method {
            case .automatic, .level: nil
            case .ets: ExponentialSmoothing()
            case .croston: CrostonSBA()
            case .tsb: TeunterSyntetosBabai()
            case .adida: TemporalAggregation(.meanGap)
            case .imapa: TemporalAggregation()
            case .smoothing: LevelSmoothing()
            case .lotBootstrap: LotBootstrap()
            case .seasonalNaive: SeasonalNaive()
            case .naive: Naive()
            case .mean: HistoricalMean()
            }
        if let single {
            let fallback = AutomaticMethod()
            return { place in
                let entry = prepared[place]
                let answer = try (try? single.forecast(entry.series, request)) ?? fallback.forecast(entry.series, request)
                return entry.finished(answer.summed(request))
            }
        }
        let pool = CombinedMethod(onlyCounts: method == .level)
        let ended = endings(known)
        let shared = pool.season(prepared.map(\.series), ended: ended)
        let studies = try await inParts(Array(prepared.indices), threads: threads) { place in
            pool.study(prepared[place].series, request, season: shared?.seen(from: ended[place]))
        }
        let parts = try await inParts(pool.pools(studies), threads: threads) { pool.calibrate($0, request) }
        let calibration = CombinedMethod.Calibration(parts)
        return { place in prepared[place].finished(pool.forecast(studies[place], calibration, request)) }
    }
}
