import ArgumentParser
import Foundation
import Server
import Vocabulary

/// The audit chain, checked without the server: these commands take the database's own lock.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify and export the audit chain.", subcommands: [AuditVerify.self, AuditExportCommand.self])
}

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every entry of the chain, and name the first bad one.",
        discussion:
            "On the embedded database stop the server first: the file belongs to one process at a time. Exit code 3 "
            + "when something is wrong."
    )

    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        try await reporting {
            let report = try await AuditBook.verify(try file.configuration())
            print(report.text)
            if !report.isSound { throw CommandFailure(message: "The audit chain does not verify.", code: .wrong) }
        }
    }
}

struct AuditExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "Write the chain as NDJSON.")

    @Option(help: "The file to write.")
    var output: String

    @OptionGroup var file: ConfigurationOption

    func run() async throws {
        try await reporting {
            let count = try await AuditBook.export(try file.configuration(), to: output)
            print("\(count) entries written to \(output).")
        }
    }
}
