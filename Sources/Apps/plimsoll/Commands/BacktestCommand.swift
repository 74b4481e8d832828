import ArgumentParser
import Foundation
import Planning
import Server
import Vocabulary
import Workbench

/// Makes forecasts as of earlier days and compares them with what then happened.
struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest", abstract: "Forecast again as of earlier days, and compare with what then happened.",
        discussion: """
            Reads unique_id, ds, y as `forecast` does. Prints WAPE and bias; what the forecast adds to repeating the last demand
            or season, in points of WAPE; MASE, RMSSE, scaled pinball loss (SPL); and how often the demand was within a
            quantile. With --lead-time also how often the demand summed over lead time and review was within its 95 % quantile,
            and what stock held at that quantile costs for each unit asked for, when waiting costs 19 times as much as stock.
            """)

    @Option(help: "The demand: .csv or .ndjson, perhaps with .gz.")
    var input: String

    @Option(help: "Length of a period: D, W, MS, M, QS, Q, YS or Y.")
    var frequency: String

    @Option(help: "Periods after which the pattern repeats; 1 for none.")
    var season = 1

    @Option(name: .customLong("scale-season"), help: "Lag of the naive errors that MASE is scaled by; the season by default.")
    var scaleSeason: Int?

    @Option(help: "Periods ahead.")
    var horizon: Int

    @Option(help: "The last day that a forecast may see, YYYY-MM-DD; may be given again.")
    var cutoff: [String] = []

    @Option(help: "Without --cutoff: how many origins, the last ones that a whole horizon follows.")
    var origins = 3

    @Option(help: "Without --cutoff: periods between origins; the horizon by default.")
    var step: Int?

    @Option(help: "Methods to compare, with commas: automatic, level, ets, croston, seasonalNaive, naive, mean.")
    var methods: String?

    @Option(name: .customLong("lead-time"), help: "Whole periods until an order can serve demand; also simulates stock.")
    var leadTime: Int?

    @Option(help: "Periods between reviews of the simulated stock.")
    var review = 1

    @Option(help: "Also draw the comparison as SVG into this file.")
    var svg: String?

    @Option(help: "Threads to work on; all processors by default.")
    var threads: Int?

    @Flag(help: "Answer in JSON, for programs.")
    var json = false

    func run() async throws {
        try await reportingWorkbench {
            let frequency = try Frequency(frequency)
            let file = try DemandFile(path: input, frequency: frequency)
            for refusal in file.refusals { FileHandle.standardError.write(Data("\(refusal)\n".utf8)) }
            let days = try cutoff.map(businessDay)
            let cutoffs =
                days.isEmpty
                ? Backtest.cutoffs(file, frequency, horizon: horizon, origins: origins, step: step ?? horizon) : days
            let backtest = try Backtest(
                frequency: frequency, season: season, scaleSeason: scaleSeason, horizon: horizon, cutoffs: cutoffs,
                review: try leadTime.map { try PeriodicReview(review: review, leadTime: $0) },
                threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
            var results: [BacktestResult] = []
            for method in try chosenMethods() {
                results.append(
                    try await backtest.run(method, file, meter: .init(processor: processorSeconds, clock: .system)))
            }
            try show(results, file, backtest)
        }
    }

    private func show(_ results: [BacktestResult], _ file: DemandFile, _ backtest: Backtest) throws {
        let name = URL(filePath: input).lastPathComponent
        let caption =
            "\(name): \(file.series.count) series, \(horizon) periods ahead from "
            + backtest.cutoffs.map(\.description).joined(separator: ", ")
        let table = BacktestTable(results)
        if json {
            var answer: [String: JSONValue] = [:]
            for (result, figures) in zip(results, table.objects) {
                answer[result.method.rawValue] = .object(figures.mapValues { .number($0) })
            }
            print(String(decoding: try JSON.bytes(of: JSONValue.object(answer), pretty: true), as: UTF8.self))
        } else {
            var text = TextTable(columns: table.columns)
            text.rows = table.rows
            print(caption + "\n\n" + text.text)
        }
        if let svg { try BacktestPicture(results, caption: caption).svg.write(toFile: svg, atomically: true, encoding: .utf8) }
    }

    private func chosenMethods() throws -> [ForecastRun.Method] {
        let names = methods ?? (season > 1 ? "automatic,ets,seasonalNaive" : "automatic,ets,croston,naive")
        return try names.split(separator: ",").map { text in
            guard let method = ForecastRun.Method(rawValue: text.trimmingCharacters(in: .whitespaces)) else {
                let known = ForecastRun.Method.allCases.map(\.rawValue).joined(separator: ", ")
                throw WorkbenchError.option(name: "--methods", found: String(text), expected: known)
            }
            return method
        }
    }

    private func businessDay(_ text: String) throws -> BusinessDate {
        guard let day = BusinessDate(text: text) else {
            throw WorkbenchError.option(name: "--cutoff", found: text, expected: "an existing date as YYYY-MM-DD")
        }
        return day
    }
}

/// What this process has used of all processors so far.
@Sendable private func processorSeconds() -> Double {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
