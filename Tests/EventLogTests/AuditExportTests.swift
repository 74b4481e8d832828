import EventLog
import Foundation
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct AuditExportTests {
    @Test func `A chain longer than a page is exported and verified page by page`() async throws {
        let key = AuditSigningKey()
        try await Backend.sqlite.withDatabase(migrations: eventLogMigrations + auditMigrations, inMemory: true) { database in
            let entries = (1...1203).map { AuditEntry(kind: "k", subject: "S-\($0 % 3)", actor: "a", text: "\($0)") }
            let checkpoint = try await database.write { connection in
                try AuditLog().append(entries, on: connection, at: TestClock.start)
                let records = try AuditLog().records(about: "S-1", on: connection)
                #expect(records.count == 401)
                return try AuditLog().checkpoint(signedBy: key, on: connection, at: TestClock.start)
            }
            var lines: [String] = []
            let last = try await AuditLog().export(from: database) { lines += $0.split(separator: "\n").map(String.init) }
            #expect(last == 1203)
            let records: [AuditRecord] = try lines.map { try JSON.decode(from: $0) }
            #expect(records.map(\.body) == entries.map(\.body))
            let text = try AuditLog.ndjson([try #require(checkpoint)])
            let result = try await AuditVerifier(database).verify(
                checkpoints: try AuditCheckpoint.reading(ndjson: text), publicKey: key.publicKey)
            #expect(result == AuditVerification(findings: [], rows: 1203, checkpoints: 1))
            try await database.write { _ = try $0.run("UPDATE audit_entry SET actor = 'b' WHERE sequence = 1001") }
            let tampered = try await AuditVerifier(database).verify(checkpoints: [], publicKey: key.publicKey)
            #expect(tampered.findings.map(\.sequence) == [1001])
            let told = "audit_entry shard 0 sequence 1001: its content was changed after it was written"
            #expect(tampered.findings.first?.description == told)
            let unchanged = try await database.write { try AuditLog().checkpoint(signedBy: key, on: $0, at: TestClock.start) }
            #expect(unchanged == nil, "nothing was added since the last")
        }
    }

    @Test func `A checkpoint file that cannot be read names its line`() {
        do {
            _ = try AuditCheckpoint.reading(ndjson: "\n{\"shard\":0}\n")
            Issue.record("It was read.")
        } catch {
            #expect(error.violations.map(\.row) == [2])
        }
    }

    @Test func `The key is made once, readable by its owner alone, and found again`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "audit.key").path
            let made = try AuditSigningKey.atPath(path)
            let found = try AuditSigningKey.atPath(path)
            #expect(found.publicKey == made.publicKey)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            let published = try String(contentsOfFile: path + ".pub", encoding: .utf8)
            #expect(try AuditPublicKey(parsing: published) == made.publicKey)
            let checkpoint = try AuditCheckpoint(
                shard: 0, sequence: 1, hash: Digest(of: "x"), at: TestClock.start, signedBy: made)
            #expect(checkpoint.isSigned(by: found.publicKey))
            #expect(!checkpoint.isSigned(by: AuditSigningKey().publicKey))
        }
        #expect(throws: Fault.self) { try AuditSigningKey.atPath("/nowhere/audit.key") }
        #expect(throws: Fault.self) { try AuditPublicKey(parsing: "AAAA") }
    }
}
