import EventLog
import Foundation
import Replenishment
import Storage
import Vocabulary

/// The audit chain of a deployment, checked and copied by a command of its own.
package enum AuditBook {
    package struct Report: Sendable {
        package let isSound: Bool
        package let text: String
    }

    /// Checks the whole chain against the checkpoints in the database and those kept outside it.
    ///
    /// - Throws: `input.notFound` when the key's file is not there: a new key would make every checkpoint look forged.
    package static func verify(_ configuration: ServerConfiguration) async throws -> Report {
        guard FileManager.default.fileExists(atPath: configuration.auditKey) else {
            throw Fault.notFound("The audit key \(configuration.auditKey)")
        }
        let database = try await Plimsoll.openDatabase(configuration)
        do {
            let key = try AuditSigningKey.atPath(configuration.auditKey).publicKey
            let outside =
                FileManager.default.contents(atPath: configuration.auditCheckpoints).map { String(decoding: $0, as: UTF8.self) }
                ?? ""
            let result = try await AuditVerifier(database, texts: replenishmentTexts).verify(
                checkpoints: try AuditCheckpoint.reading(ndjson: outside), publicKey: key)
            await database.close()
            let head = "\(result.rows) entries, \(result.checkpoints) signed checkpoints (key \(key.id))"
            guard !result.isSound else { return Report(isSound: true, text: "\(head): the chain is whole.") }
            return Report(isSound: false, text: ([head] + result.findings.map { "  \($0)" }).joined(separator: "\n"))
        } catch {
            await database.close()
            throw error
        }
    }

    /// - Returns: how many entries were written.
    package static func export(_ configuration: ServerConfiguration, to path: String) async throws -> Int {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw Fault.invalid("output", found: path, expected: "a file that can be written")
        }
        defer { try? file.close() }
        let database = try await Plimsoll.openDatabase(configuration)
        var count = 0
        do {
            try await AuditLog().export(from: database) { lines in
                count += lines.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
                try file.write(contentsOf: Data(lines.utf8))
            }
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return count
    }
}
