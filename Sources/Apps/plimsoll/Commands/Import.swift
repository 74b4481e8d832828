import ArgumentParser
import Foundation

/// Hands a file to the server, feed by feed.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import a CSV or NDJSON file.",
        discussion: "Rows that are refused are listed with their row, field, value and what was expected; the rest is stored.")

    @Argument(help: "items, locations, suppliers, sourcing, lanes, policies, balances, supply or demand.")
    var feed: String

    @Argument(help: "The file; its ending says whether it is .csv or .ndjson.")
    var file: String

    @Option(help: "The name of the system that the data comes from.")
    var source = "files"

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            guard let body = FileManager.default.contents(atPath: file) else {
                throw CommandFailure(message: "The file \(file) cannot be read.", code: .refused)
            }
            let type = file.hasSuffix(".csv") ? "text/csv" : "application/x-ndjson"
            let answer = try await client.send(
                "POST", "/system/v1/feeds/\(feed)?source=\(source)", contentType: type, Array(body), timeout: .seconds(3600))
            try options.show(try JSONValue(answer)) { report in
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
