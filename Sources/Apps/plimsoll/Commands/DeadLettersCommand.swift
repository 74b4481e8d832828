import ArgumentParser

/// Actions that could not be carried out.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "List and retry actions that could not be carried out.",
        subcommands: [DeadLettersList.self, DeadLettersRetry.self])
}

struct DeadLettersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List dead letters with their reasons.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            try options.show(try await client.get("/process/v1/dead-letters")) { answer in
                var table = TextTable("recommendation", "item", "location", "attempts", "replays", "reason")
                for entry in answer["deadLetters"].list {
                    table.add(
                        entry["id"].shown, entry["item"].shown, entry["location"].shown, entry["attempts"].shown,
                        entry["replays"].shown,
                        entry["reason"].shown)
                }
                return table.rows.isEmpty ? "There are no dead letters." : table.text
            }
        }
    }
}

struct DeadLettersRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Put dead letters back into the flow, under the same reference.")

    @Argument(help: "The recommendations.")
    var recommendations: [String]

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            for recommendation in recommendations {
                let answer = try await client.post("/process/v1/dead-letters/\(escaped(recommendation))/retry")
                try options.show(answer) { "\(recommendation) is \($0["state"].shown)." }
            }
        }
    }
}
