import ArgumentParser
import Foundation

/// What will run out, and what is too much.
struct Outlook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which stock is likely to run out, when, and what is more than anybody will ask for.",
        discussion: "The likeliest stock-out comes first; with --excess the dearest surplus.")

    @OptionGroup var positions: PositionOptions

    @Option(help: "Only what runs out before its next receipt with at least this probability.")
    var probability = 0.05

    @Flag(help: "Show what is above its order-up-to level instead.")
    var excess = false

    @Option(help: "At most so many rows.")
    var rows = 30

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let least = ["leastProbability": excess ? nil : "\(probability)", "leastExcess": excess ? "0.000001" : nil]
            let found = try await positions.all("outlook", of: "/consumption/v1/outlook", least, from: client)
            let sorted = found.sorted { rank($0) > rank($1) }
            try options.show(.object(["outlook": .list(Array(sorted.prefix(rows)))])) { answer in
                let list = answer["outlook"].list
                return list.isEmpty ? "Nothing of the kind." : excess ? surplus(list) : shortages(list)
            }
        }
    }

    private func rank(_ entry: JSONValue) -> Double {
        let course = entry["course"]
        return (excess ? course["excessValue"] : course["stockOutProbability"]).double ?? 0
    }

    private func shortages(_ list: [JSONValue]) -> String {
        var table = TextTable(
            "item", "location", "available", "coming", "next receipt", "runs out", "probability", "short by", "days left")
        for entry in list {
            let course = entry["course"]
            table.add(
                entry["item"].shown, entry["location"].shown, amount(entry["available"]), amount(entry["coming"]),
                course["nextReceiptOn"].shown, course["stockOutOn"].shown, percent(course["stockOutProbability"]),
                amount(course["expectedShortage"]), amount(course["daysOfSupply"]))
        }
        return table.text
    }

    private func surplus(_ list: [JSONValue]) -> String {
        var table = TextTable("item", "location", "available", "coming", "excess", "worth", "never asked for", "worth")
        for entry in list {
            let course = entry["course"]
            table.add(
                entry["item"].shown, entry["location"].shown, amount(entry["available"]), amount(entry["coming"]),
                amount(course["excess"]), amount(course["excessValue"]), amount(course["expectedLeftover"]),
                amount(course["leftoverValue"]))
        }
        return table.text
    }

    private func amount(_ value: JSONValue) -> String {
        value.double.map { String(format: "%.1f", $0) } ?? "-"
    }

    private func percent(_ value: JSONValue) -> String {
        value.double.map { String(format: "%.0f %%", $0 * 100) } ?? "-"
    }
}
