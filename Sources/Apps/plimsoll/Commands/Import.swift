import ArgumentParser
import Foundation

/// Hands a file to the server, feed by feed.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import a CSV or NDJSON file.",
        discussion: "Rows that are refused are listed with their row, field, value and what was expected; the rest is stored.")

    @Argument(
        help: "items, locations, suppliers, sourcing, lanes, policies, balances, supply, demand, forecasts or recommendations.")
    var feed: String

    @Argument(help: "The file; its ending says whether it is .csv or .ndjson.")
    var file: String

    @Option(help: "The name of the system that the data comes from.")
    var source = "files"

    @Option(
        help: "Of forecasts and recommendations: the cycle they are for; otherwise the rows say, or the source's running one.")
    var cycle: String?

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let type = file.lowercased().hasSuffix(".csv") ? "text/csv" : "application/x-ndjson"
            let answer = try await client.upload(
                try FilePieces(file, isShown: isatty(STDERR_FILENO) == 1),
                to: "/system/v1/feeds/\(escaped(feed))?source=\(escaped(source))\(cycle.map { "&cycle=\(escaped($0))" } ?? "")",
                contentType: type)
            try options.show(answer) { report in
                var lines = [
                    "\(report["taken"].shown) taken, \(report["refusedTotal"].shown) refused, of \(report["total"].shown) rows."
                ]
                for refusal in report["refused"].list {
                    for violation in refusal["violations"].list {
                        lines.append(
                            "  row \(refusal["row"].shown), \(violation["field"].shown): found "
                                + "\(violation["found"].shown), expected \(violation["expected"].shown)"
                        )
                    }
                }
                return lines.joined(separator: "\n")
            }
        }
    }
}
