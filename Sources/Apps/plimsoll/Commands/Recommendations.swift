import ArgumentParser

/// What is recommended, and where each recommendation stands.
struct Recommendations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List recommendations and where they stand.")

    @Option(help: "Only those in this state, such as awaitingApproval, held, done or deadLetter.")
    var state: String?

    @Option(help: "Only those for this location.")
    var location: String?

    @Option(help: "Only those for this item.")
    var item: String?

    @Option(help: "At most so many.")
    var limit = 50

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let filters = [("state", state), ("location", location), ("item", item)].compactMap { name, value in
                value.map { "&\(name)=\(escaped($0))" }
            }
            let answer = try await client.get("/process/v1/recommendations?limit=\(limit)\(filters.joined())")
            try options.show(answer) { answer in
                var table = TextTable("recommendation", "item", "location", "state", "action", "due", "reason")
                for entry in answer["recommendations"].list {
                    table.add(
                        entry["id"].shown, entry["item"].shown, entry["location"].shown, entry["state"].shown,
                        entry["action"].list.isEmpty ? entry["action.kind"].shown : "-", dueText(entry), entry["reason"].shown)
                }
                return table.text
            }
        }
    }
}

/// When somebody has to have approved it; nothing once that is no question any more.
private func dueText(_ entry: JSONValue) -> String {
    guard entry["state"].string == "awaitingApproval" else { return "-" }
    return entry["dueAt"].shown + (entry["isOverdue"] == .bool(true) ? " overdue" : "")
}

/// Percent-encodes all but letters and digits, for paths and queries.
func escaped(_ text: String) -> String {
    text.utf8.map { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: String(UnicodeScalar(byte))
        default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }.joined()
}
