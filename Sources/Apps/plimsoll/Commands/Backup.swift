import ArgumentParser
import Foundation
import Server
import Vocabulary

/// A copy of the embedded database, taken while the server runs.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the running server's embedded database into a file.",
        discussion:
            """
            Keep the audit key, the checkpoint file and the configuration as well. PostgreSQL has means of its own: see \
            docs/operating/backup.md.
            """
    )

    @Option(help: "The file to write; it must not be there yet.")
    var output: String

    @OptionGroup var options: ServerOptions

    func run() async throws {
        try await options.withClient { client in
            guard !FileManager.default.fileExists(atPath: output) else {
                throw CommandFailure(message: "\(output) is there already; a backup replaces nothing.", code: .refused)
            }
            let bytes = try await client.send("GET", "/system/v1/backup", contentType: nil, [], timeout: .seconds(3600))
            let half = output + ".part"
            try Data(bytes).write(to: URL(fileURLWithPath: half))
            try FileManager.default.moveItem(atPath: half, toPath: output)
            print("\(bytes.count) bytes written to \(output).")
        }
    }
}

/// The database put back to an earlier moment, and marked as older than the systems it acts on.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the database, or mark a database that was put back by other means.",
        discussion: """
            Stop every server first. What may have been sent since the backup is looked for in the outside systems before \
            anything is sent again, once the server runs.
            """)

    @Argument(help: "The backup; left out for a PostgreSQL that its own tools have restored.")
    var backup: String?

    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        try await reporting {
            print(try await DatabaseRestoring.run(try file.configuration(), from: backup))
        }
    }
}
