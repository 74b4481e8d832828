import ArgumentParser
import Foundation

/// How far forecasts were from what then happened.
struct Accuracy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how far forecasts were from the demand that then came.",
        discussion: """
            A forecast is judged by what it said when it mattered: --lag 8 by what was believed eight periods before a period
            ended, as it stood when its cycle closed. Without --from and --until the last 13 weeks are compared.
            """)

    @Option(help: "Group by item, location, family or region.")
    var by = "location"

    @Option(help: "Periods ahead; 1 for the last forecast before a period began.")
    var lag = 1

    @Option(help: "The first day compared, YYYY-MM-DD.")
    var from: String?

    @Option(help: "The day after the last one compared.")
    var until: String?

    @Option(help: "Only forecasts of this source; `plimsoll` is the built-in engine.")
    var source: String?

    @Option(help: "Only this item.")
    var item: String?

    @Option(help: "Only this location.")
    var location: String?

    @Option(help: "How many groups, those with the most units of error first.")
    var limit = 20

    @OptionGroup var options: ServerOptions

    func run() async throws {
        let wanted = [("from", from), ("until", until), ("source", source), ("item", item), ("location", location)]
        let query = wanted.compactMap { name, value in value.map { "&\(name)=\(escaped($0))" } }.joined()
        try await options.withClient { client in
            let path = "/consumption/v1/accuracy?by=\(escaped(by))&lag=\(lag)&limit=\(limit)\(query)"
            try options.show(try await client.get(path), text)
        }
    }

    private func text(_ report: JSONValue) -> String {
        guard report["total.periods"].int != 0 else {
            return "No period between \(report["from"].shown) and \(report["until"].shown) can be compared: no cycle that "
                + "forecast it has closed, or its demand is not known yet."
        }
        var groups = TextTable(columns: [report["by"].shown] + Self.headings)
        for group in report["groups"].list { groups.rows.append([group["name"].shown] + cells(group["figures"])) }
        groups.rows.append(["in all"] + cells(report["total"]))
        var lags = TextTable(columns: ["lag"] + Self.headings)
        for lag in report["lags"].list { lags.rows.append([lag["lag"].shown] + cells(lag["figures"])) }
        let steps = report["steps"].list.map { step in
            let added = step["added"].double.map { ", adds \(percent($0)) points" } ?? ""
            return "  \(step["name"].shown): WAPE \(percent(step["wape"].double)) %\(added)"
        }
        let unknown = report["unknownPeriods"].int ?? 0
        let left = unknown > 0 ? "\n\(unknown) periods left out: nothing was in stock on some day." : ""
        let window = "\(report["from"].shown) until \(report["until"].shown), lag \(report["lag"].shown)"
        return ([window, groups.text, "", lags.text, "", "what each step is worth"] + steps).joined(separator: "\n") + left
    }

    private static let headings = ["series", "periods", "demand", "WAPE %", "bias %", "signal", "MASE", "in 95 %"]

    private func cells(_ figures: JSONValue) -> [String] {
        [
            figures["series"].shown, figures["periods"].shown, fixed(figures["actual"].double, 0),
            percent(figures["wape"].double), percent(figures["bias"].double), fixed(figures["trackingSignal"].double, 1),
            fixed(figures["mase"].double, 2), percent(figures["coverage95"].double),
        ]
    }

    private func percent(_ share: Double?) -> String { fixed(share.map { 100 * $0 }, 1) }

    private func fixed(_ value: Double?, _ digits: Int) -> String { value.map { String(format: "%.\(digits)f", $0) } ?? "-" }
}
