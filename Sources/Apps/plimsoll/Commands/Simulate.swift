import ArgumentParser
import Foundation
import Planning
import Vocabulary
import Workbench

/// Tries stocking rules on demand from a file or made up, and shows what service each gives for what stock.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulate stocking rules under periodic review: fill rate against stock as a curve.",
        discussion: """
            Reads unique_id, ds, y as `forecast` does; without --input demand is generated for a mixed range of items from a
            seed. Levels are set from what is known at each time, never from what comes later, and every rule meets the same
            demand.
            """)

    @Option(help: "The demand: .csv or .ndjson, perhaps with .gz; generated when left out.")
    var input: String?

    @Option(help: "Length of a period in the file: D, W, MS, M, QS, Q, YS or Y.")
    var frequency: String?

    @Option(help: "Items to generate, a quarter of each demand class.")
    var items = 200

    @Option(help: "Periods of history to generate before the simulated ones.")
    var history = 104

    @Option(help: "Seed of the generated demand.")
    var seed: UInt64 = 1

    @Option(help: "Periods to simulate: the last ones of each series.")
    var periods = 52

    @Option(help: "Periods after which the pattern repeats; 1 for none.")
    var season = 1

    @Option(name: .customLong("lead-time"), help: "Whole periods until an order can serve demand.")
    var leadTime = 2

    @Option(help: "Periods between reviews.")
    var review = 1

    @Option(help: "Periods after which levels are worked out anew.")
    var refresh = 13

    @Option(help: "Service to aim at, in percent, with commas.")
    var targets = "50,70,80,90,95,97,98,99"

    @Option(name: .customLong("target-type"), help: "fillRate or cycleService.")
    var targetType = "fillRate"

    @Option(help: "cover, textbook, forecast, pooled; with commas.")
    var rules = StockingRule.allCases.map(\.rawValue).joined(separator: ",")

    @Option(help: "Also write the points as CSV to this file.")
    var csv: String?

    @Option(help: "Also draw the curves as SVG into this file.")
    var svg: String?

    @Option(help: "Threads to work on; all processors by default.")
    var threads: Int?

    func run() async throws {
        try await reportingWorkbench {
            let simulation = try ServiceSimulation(
                review: PeriodicReview(review: review, leadTime: leadTime), season: season, periods: periods, refresh: refresh,
                targets: aims(), threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
            let rules = try chosenRules()
            let (demands, caption) = try demands(simulation)
            guard !demands.isEmpty else {
                throw WorkbenchError.option(
                    name: "--periods", found: "\(periods)", expected: "fewer, so that some series has demand before them")
            }
            var curves: [ServiceCurve] = []
            for rule in rules { curves.append(try await simulation.curve(rule, demands)) }
            let table = CurveTable(curves)
            print(caption + "\n")
            print(text(table))
            if let csv { try table.csv.write(toFile: csv, atomically: true, encoding: .utf8) }
            if let svg { try CurvePicture(curves, caption: caption).svg.write(toFile: svg, atomically: true, encoding: .utf8) }
        }
    }

    private func text(_ table: CurveTable) -> String {
        var all = TextTable("rule", "target %", "fill rate %", "periods served %", "periods of stock", "orders")
        all.rows = table.rows
        let rates = [0.9, 0.95, 0.98, 0.99]
        var short = TextTable("periods of stock for a fill rate of", "90 %", "95 %", "98 %", "99 %")
        short.rows = table.stock(atFillRates: rates)
        return all.text + "\n\n" + short.text
    }

    private func aims() throws -> [ServiceTarget] {
        guard ["fillRate", "cycleService"].contains(targetType) else {
            throw WorkbenchError.option(name: "--target-type", found: targetType, expected: "fillRate or cycleService")
        }
        return try targets.split(separator: ",").map { text in
            guard let percent = Double(text.trimmingCharacters(in: .whitespaces)), percent > 0, percent < 100 else {
                throw WorkbenchError.option(name: "--targets", found: String(text), expected: "percentages between 0 and 100")
            }
            return targetType == "fillRate" ? .fillRate(percent / 100) : .cycleService(percent / 100)
        }
    }

    private func chosenRules() throws -> [StockingRule] {
        try rules.split(separator: ",").map { text in
            guard let rule = StockingRule(rawValue: text.trimmingCharacters(in: .whitespaces)) else {
                let known = StockingRule.allCases.map(\.rawValue).joined(separator: ", ")
                throw WorkbenchError.option(name: "--rules", found: String(text), expected: known)
            }
            return rule
        }
    }

    private func demands(_ simulation: ServiceSimulation) throws -> ([[Double]], String) {
        let terms = "lead time \(leadTime), review \(review), \(periods) periods"
        guard let input else {
            guard items > 0, history > 0 else {
                throw WorkbenchError.option(name: "--items, --history", found: "\(items), \(history)", expected: "1 or more")
            }
            let all = ServiceSimulation.generated(items: items, periods: history + periods, season: season, seed: seed)
            let usable = all.filter(simulation.canLearn)
            return (usable, "\(usable.count) generated items, seed \(seed); \(terms)")
        }
        guard let frequency else {
            throw WorkbenchError.option(name: "--frequency", found: "nothing", expected: "the length of a period in the file")
        }
        let file = try DemandFile(path: input, frequency: Frequency(frequency))
        for refusal in file.refusals { FileHandle.standardError.write(Data("\(refusal)\n".utf8)) }
        let usable = file.series.map(\.values).filter(simulation.canLearn)
        let name = URL(filePath: input).lastPathComponent
        return (usable, "\(name): \(usable.count) of \(file.series.count) series have demand before; \(terms)")
    }
}
