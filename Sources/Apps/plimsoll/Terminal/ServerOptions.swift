import ArgumentParser
import Foundation
import Vocabulary

/// How a command finds its server, and in what form it answers.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address of the server; PLIMSOLL_SERVER, or http://127.0.0.1:8460.")
    var server: String?

    @Option(help: "API key; PLIMSOLL_KEY.")
    var key: String?

    @Flag(help: "Answer in JSON, for programs.")
    var json = false

    /// Runs `work` with a client, and closes it.
    func withClient(_ work: (APIClient) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let client = APIClient(
            server: server ?? environment["PLIMSOLL_SERVER"] ?? "http://127.0.0.1:8460", key: key ?? environment["PLIMSOLL_KEY"])
        do {
            try await reporting { try await work(client) }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    /// Prints an answer: as JSON when asked to, otherwise as `human` says.
    func show(_ answer: JSONValue, _ human: (JSONValue) -> String) throws {
        print(json ? String(decoding: try JSON.bytes(of: answer, pretty: true), as: UTF8.self) : human(answer))
    }
}
