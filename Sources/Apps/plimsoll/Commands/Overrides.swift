import ArgumentParser
import Foundation

/// What planners put in place of the statistical forecast.
struct Overrides: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, make and withdraw planners' figures in place of the forecast.",
        subcommands: [List.self, Add.self, Withdraw.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Those that hold for days to come.")

        @Flag(help: "Those that are over or withdrawn as well.")
        var all = false

        @OptionGroup var options: ServerOptions

        func run() async throws {
            try await options.withClient { client in
                try options.show(try await client.get("/process/v1/overrides?all=\(all)&limit=500")) { answer in
                    let list = answer["overrides"].list
                    guard !list.isEmpty else { return "There are none." }
                    var table = TextTable("id", "of", "from", "until", "forecast", "becomes", "positions", "by", "reason")
                    for entry in list {
                        let wish = entry["wish"]
                        let node = ["item", "family", "location", "region"].compactMap { wish[$0].string }
                        table.add(
                            entry["id"].shown, node.joined(separator: " at "), wish["from"].shown, wish["until"].shown,
                            amount(entry["statistical"]), amount(entry["units"]), entry["positions"].shown,
                            entry["madeBy"].shown + (entry["withdrawnBy"].string.map { ", withdrawn by \($0)" } ?? ""),
                            wish["reason"].shown)
                    }
                    return table.text
                }
            }
        }

        private func amount(_ value: JSONValue) -> String { value.double.map { String(format: "%.1f", $0) } ?? "-" }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what will be asked for: of an item or family, at a location or in a region.")

        @Option(help: "Of this item.")
        var item: String?

        @Option(help: "Of all items of this family.")
        var family: String?

        @Option(help: "At this location.")
        var location: String?

        @Option(help: "At all locations of this region.")
        var region: String?

        @Option(help: "The first day, YYYY-MM-DD.")
        var from: String

        @Option(help: "The day after the last one.")
        var until: String

        @Option(help: "So many units in all of these days.")
        var units: Double?

        @Option(help: "So many units more than forecast; less with --more=-5.")
        var more: Double?

        @Option(help: "The forecast times this.")
        var times: Double?

        @Option(help: "Why; kept with it.")
        var reason: String

        @OptionGroup var options: ServerOptions

        func run() async throws {
            try await options.withClient { client in
                var body: [String: JSONValue] = ["from": .string(from), "until": .string(until), "reason": .string(reason)]
                for (name, value) in [("item", item), ("family", family), ("location", location), ("region", region)] {
                    if let value { body[name] = .string(value) }
                }
                for (name, value) in [("units", units), ("more", more), ("times", times)] {
                    if let value { body[name] = .number(value) }
                }
                let answer = try await client.post("/process/v1/overrides", .object(body))
                try options.show(answer) { made in
                    "\(made["id"].shown): \(made["statistical"].shown) units were forecast and become \(made["units"].shown), "
                        + "shared among \(made["positions"].shown) positions. The next run goes by it."
                }
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End one; the next run goes without it.")

        @Argument(help: "The override.")
        var id: String

        @OptionGroup var options: ServerOptions

        func run() async throws {
            try await options.withClient { client in
                let answer = try await client.post("/process/v1/overrides/\(escaped(id))/withdrawal")
                try options.show(answer) { _ in "\(id) is withdrawn." }
            }
        }
    }
}
