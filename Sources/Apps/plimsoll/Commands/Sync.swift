import ArgumentParser

/// Reads an outside system now.
struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read a system's feeds into the canonical model.")

    @Argument(help: "The system's name in the configuration; all of them when left out.")
    var system: String?

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let names =
                if let system { [system] } else {
                    try await client.get("/system/v1/systems")["systems"].list.compactMap { $0["name"].string }
                }
            guard !names.isEmpty else { throw CommandFailure(message: "No system is configured.", code: .refused) }
            for name in names {
                let answer = try await client.post("/system/v1/systems/\(name)/sync")
                try options.show(answer) { answer in
                    var table = TextTable("feed", "read", "created", "updated", "unchanged", "refused")
                    for feed in answer["feeds"].list {
                        table.add(
                            feed["feed"].shown, feed["read"].shown, feed["created"].shown, feed["updated"].shown,
                            feed["unchanged"].shown, feed["refused"].shown)
                    }
                    return "\(name)\n\(table.text)"
                }
            }
        }
    }
}
