import ArgumentParser

/// What waits for a person.
struct Exceptions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what waits for a person, with its owner, due time and impact.")

    @Option(help: "Only those of this team.")
    var team: String?

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let answer = try await client.get("/consumption/v1/exceptions?open=true\(team.map { "&team=\(escaped($0))" } ?? "")")
            try options.show(answer) { answer in
                var table = TextTable("kind", "team", "item", "location", "due", "summary")
                for entry in answer["exceptions"].list {
                    table.add(
                        entry["kind"].shown, entry["team"].shown, entry["item"].shown, entry["location"].shown,
                        entry["dueAt"].shown,
                        entry["summary"].shown)
                }
                return table.rows.isEmpty ? "Nothing waits for anybody." : table.text
            }
        }
    }
}
