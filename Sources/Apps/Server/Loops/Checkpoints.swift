import EventLog
import Foundation
import Replenishment
import Storage
import Vocabulary

/// Signs where the audit chain stands, and writes it where the database's owner cannot change it unseen.
struct Checkpoints {
    let plimsoll: Plimsoll

    init(_ plimsoll: Plimsoll) {
        self.plimsoll = plimsoll
    }

    /// Signs once; until the chain has grown there is nothing more to sign.
    func sign() async throws {
        let services = plimsoll.services
        let (now, key) = (services.clock.now(), plimsoll.signingKey)
        let signed = try await services.database.write { connection in
            try services.audit.checkpoint(signedBy: key, on: connection, at: now)
        }
        guard let signed, !plimsoll.configuration.auditCheckpoints.isEmpty else { return }
        try append(try AuditLog.ndjson([signed]))
    }

    private func append(_ line: String) throws {
        let path = plimsoll.configuration.auditCheckpoints
        if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw Fault(.configurationInvalid, .review(by: "operations"), "The checkpoint file \(path) cannot be written.")
        }
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(line.utf8))
    }
}
