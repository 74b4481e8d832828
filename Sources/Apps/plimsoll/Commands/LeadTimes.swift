import ArgumentParser
import Foundation

/// How long suppliers take.
struct LeadTimes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how long suppliers take: what they state, what receipts show, and what plans count on.")

    @OptionGroup var positions: PositionOptions

    @Flag(help: "Only those with a measurement that is not believed.")
    var doubtful = false

    @Option(help: "At most so many rows, those farthest from what is stated first.")
    var rows = 30

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            var found = try await positions.all("leadTimes", of: "/consumption/v1/lead-times", from: client)
            if doubtful { found = found.filter { !$0["doubts"].list.isEmpty } }
            let sorted = found.sorted { distance($0) > distance($1) }
            try options.show(.object(["leadTimes": .list(Array(sorted.prefix(rows)))]), text)
        }
    }

    private func distance(_ entry: JSONValue) -> Double {
        abs((entry["days"].double ?? 0) - (entry["statedDays"].double ?? 0))
    }

    private func text(_ answer: JSONValue) -> String {
        let list = answer["leadTimes"].list
        guard !list.isEmpty else { return "Nothing of the kind." }
        var table = TextTable("item", "location", "supplier", "days", "+-", "stated", "by", "receipts", "newest", "doubts")
        for entry in list {
            table.add(
                entry["item"].shown, entry["location"].shown, entry["supplier"].shown, days(entry["days"]),
                days(entry["deviation"]), days(entry["statedDays"]), entry["source"].shown, entry["receipts"].shown,
                entry["newestReceiptOn"].shown, entry["doubts"].list.map(\.shown).joined(separator: "; "))
        }
        return table.text
    }

    private func days(_ value: JSONValue) -> String { value.double.map { String(format: "%.1f", $0) } ?? "-" }
}
