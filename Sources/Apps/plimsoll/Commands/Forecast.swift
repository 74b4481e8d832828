import ArgumentParser
import Foundation
import Planning
import Vocabulary
import Workbench

/// Forecasts demand from a file into a file, without a server.
struct Forecast: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Forecast the demand in a file, with quantiles.",
        discussion: """
            Reads unique_id, ds, y (CSV or one JSON object a line, plain or gzip) and writes unique_id, cutoff, ds, mean, q50
            and so on; a period without a row had no demand. Rows that cannot be read are listed and left out. A column
            available says for what share of the period there was stock: what could not be sold is then estimated.
            """)

    @Option(help: "The demand: .csv or .ndjson, perhaps with .gz.")
    var input: String

    @Option(help: "The forecasts: a CSV file, compressed when it ends in .gz.")
    var output: String

    @Option(help: "Length of a period: D, W, MS, M, QS, Q, YS or Y.")
    var frequency: String

    @Option(help: "Periods after which the pattern repeats; 1 for none.")
    var season = 1

    @Option(help: "Periods ahead.")
    var horizon: Int

    @Option(help: "The last day that the forecast may see, YYYY-MM-DD; may be given again.")
    var cutoff: [String] = []

    @Option(help: "Also the quantiles of the demand summed over this many periods.")
    var protection: Int?

    @Option(help: "Quantile levels between 0 and 1, with commas.")
    var quantiles = "0.5,0.8,0.9,0.95,0.99"

    @Option(help: "automatic, level, ets, croston, tsb, adida, imapa, smoothing, lotBootstrap, seasonalNaive, naive or mean.")
    var method = "automatic"

    @Option(help: "Also why each forecast is what it is: a file of JSON objects, one a line.")
    var explain: String?

    @Option(help: "Known events: a CSV file of unique_id (empty for all), ds, name, value; past ones and those ahead.")
    var events: String?

    @Flag(help: "Replace outliers by what is usual, and list them in the explanation.")
    var replaceOutliers = false

    @Flag(help: "Take periods without stock as they are recorded.")
    var keepStockOuts = false

    @Option(help: "Threads to work on; all processors by default.")
    var threads: Int?

    @Flag(help: "Say nothing while working.")
    var quiet = false

    func run() async throws {
        try await reportingWorkbench { try await forecast() }
    }

    private func forecast() async throws {
        let frequency = try Frequency(frequency)
        let levels = try quantiles.split(separator: ",").map { text in
            guard let level = Double(text) else {
                throw WorkbenchError.option(name: "--quantiles", found: String(text), expected: "numbers between 0 and 1")
            }
            return level
        }
        guard let method = ForecastRun.Method(rawValue: method) else {
            let names = ForecastRun.Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw WorkbenchError.option(name: "--method", found: method, expected: names)
        }
        let cutoffs = try cutoff.map { text in
            guard let day = BusinessDate(text: text) else {
                throw WorkbenchError.option(name: "--cutoff", found: text, expected: "an existing date as YYYY-MM-DD")
            }
            return day
        }
        let request = try ForecastRequest(horizon: horizon, levels: levels, protection: protection)
        let file = try DemandFile(path: input, frequency: frequency) { say("\($0) rows read") }
        for refusal in file.refusals { say("\(refusal)") }
        let known = try events.map { path throws(WorkbenchError) in try EventFile(path: path) }
        for refusal in known?.refusals ?? [] { say("\(refusal)") }
        let run = ForecastRun(
            frequency: frequency, season: season, request: request,
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, method: method,
            besides: KnownBesides(
                preparation: DemandPreparation(raisesStockOuts: !keepStockOuts, replacesOutliers: replaceOutliers), events: known)
        )
        let quiet = quiet
        let outcome = try await run.write(file, cutoffs: cutoffs, to: output, explanations: explain) { line in
            if !quiet { FileHandle.standardError.write(Data((line + "\n").utf8)) }
        }
        say(
            "\(outcome.series) forecasts of \(file.series.count) series from \(file.rows - file.refusedCount) rows; "
                + "\(file.refusedCount) rows refused, \(file.filled) empty periods filled with no demand.")
    }

    private func say(_ line: String) {
        guard !quiet else { return }
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
