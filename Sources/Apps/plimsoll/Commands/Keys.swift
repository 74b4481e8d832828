import ArgumentParser

/// API keys.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list and revoke API keys.", subcommands: [KeysCreate.self, KeysList.self, KeysRevoke.self])
}

struct KeysCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a key and print it, once.")

    @Argument(help: "The person or program that will hold it.")
    var person: String

    @Option(help: "Its roles: administrator, integration, planner, buyer, operations, viewer.")
    var role: [String]

    @Option(help: "Only for these locations; for all when left out.")
    var location: [String] = []

    @Option(help: "Only for these regions; for all when left out.")
    var region: [String] = []

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            let answer = try await client.post(
                "/process/v1/api-keys",
                .object([
                    "person": .string(person), "name": .string(person), "roles": .list(role.map(JSONValue.string)),
                    "locations": .list(location.map(JSONValue.string)), "regions": .list(region.map(JSONValue.string)),
                ]))
            try options.show(answer) { $0["key"].shown }
        }
    }
}

struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the keys; none is shown whole.")

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            try options.show(try await client.get("/process/v1/api-keys")) { answer in
                var table = TextTable("id", "person", "roles", "created", "revoked")
                for key in answer["apiKeys"].list {
                    table.add(
                        key["id"].shown, key["person"].shown, key["roles"].shown, key["createdAt"].shown, key["revokedAt"].shown)
                }
                return table.text
            }
        }
    }
}

struct KeysRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Revoke a key at once.")

    @Argument(help: "The key's id.")
    var id: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            _ = try await client.send("DELETE", "/process/v1/api-keys/\(escaped(id))")
            print("\(id) is revoked.")
        }
    }
}
