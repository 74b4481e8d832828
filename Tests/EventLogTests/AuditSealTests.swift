import EventLog
import Foundation
import Storage
import TestBackends
import Testing
import Vocabulary

/// Events that the audit chain vouches for by one entry a transaction.
@Suite struct AuditSealTests {
    private let key = AuditSigningKey()
    private let texts = [
        AuditedText("note", toldBy: "test.noted") { event in
            event.subject
        } digests: { ids, connection in
            let found = try connection.rows("SELECT id, body FROM note WHERE id \(anyOf: ids)") { row in
                (id: try row[0] as String, digest: Digest(of: try row[1] as String))
            }
            return Dictionary(found.map { ($0.id, $0.digest) }) { first, _ in first }
        }
    ]

    /// Tells of a deed, of one that nobody vouches for, and of two more with an entry of their own; the last have stored texts.
    private func fill(_ database: any Database) async throws {
        try await database.write { connection in
            try connection.run("CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
            try AuditLog().append([told(1)], to: .forTests, and: [], on: connection, at: TestClock.start)
            try EventLog.forTests.append([.happened(9, to: "unsealed")], on: connection, at: TestClock.start)
            for number in 2...3 {
                try connection.run("INSERT INTO note (id, body) VALUES (\("n-\(number)"), \("text \(number)"))")
            }
            let entry = AuditEntry(kind: "key.made", subject: "n-2", actor: "eve", text: "{}")
            try AuditLog().append([told(2), told(3)], to: .forTests, and: [entry], on: connection, at: TestClock.start)
        }
    }

    private func told(_ number: Int) throws -> NewEvent {
        let data = ["digest": Digest(of: "text \(number)")]
        return try NewEvent(
            type: number == 1 ? "plimsoll.test.done" : "test.noted", subject: "n-\(number)", data: data, source: "/tests",
            key: "k", trace: nil, actor: "ann")
    }

    private func findings(
        _ backend: Backend, _ tamper: @escaping @Sendable (any Connection) throws -> Void
    ) async throws -> [AuditFinding] {
        try await backend.withDatabase(migrations: eventLogMigrations + auditMigrations, inMemory: true) { database in
            try await fill(database)
            try await database.write { connection in try tamper(connection) }
            return try await AuditVerifier(database, texts: texts).verify(checkpoints: [], publicKey: key.publicKey).findings
        }
    }

    @Test(arguments: Backend.available)
    func `Sealed events are sound, and are told as deeds of their actor`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations + auditMigrations, inMemory: true) { database in
            try await fill(database)
            let outcome = try await AuditVerifier(database, texts: texts).verify(checkpoints: [], publicKey: key.publicKey)
            #expect(outcome.isSound)
            #expect(outcome.rows == 3, "two seals and an entry")
            let records = try await database.read { try AuditLog().records(about: "n-2", on: $0) }
            #expect(records.map(\.kind) == ["test.noted", "key.made"])
            #expect(records.map(\.actor) == ["ann", "eve"])
            #expect(records.map(\.sequence) == [2, 3])
            #expect(try await database.read { try AuditLog().records(about: "n-1", on: $0) }.map(\.kind) == ["test.done"])
            #expect(try await database.read { try AuditLog().records(about: "unsealed", on: $0) }.isEmpty)
        }
    }

    @Test(
        arguments: [
            "id = id || '0'", "type = 'test.nated'", "subject = 'n-4'", "source = '/fests'", "at = at + 1", "key = NULL",
            "trace = ''", "actor = 'anm'", "actor = NULL", "data = '{}'", "seal = NULL", "seal = 1",
        ])
    func `Row 43: a changed byte in any column of a sealed event is found, and the event is named`(change: String) async throws {
        let statement = SQL(stringLiteral: "UPDATE event SET \(change) WHERE position = 4")
        let found = try await findings(.sqlite) { connection in
            let changed = try connection.run(statement)
            #expect(changed == 1)
        }
        #expect(found == [AuditFinding(shard: 0, sequence: 2, trouble: .eventChanged(4))])
    }

    @Test(arguments: Backend.available)
    func `A sealed event that is gone and one that was slipped in are found`(backend: Backend) async throws {
        let gone = try await findings(backend) { try $0.run("DELETE FROM event WHERE position = 3") }
        #expect(gone == [AuditFinding(shard: 0, sequence: 2, trouble: .eventChanged(3))])
        let between = try await findings(backend) { try $0.run("UPDATE event SET seal = 2, actor = 'eve' WHERE position = 2") }
        #expect(between == [AuditFinding(shard: 0, sequence: 2, trouble: .eventStray(2))])
        let behind = try await findings(backend) { connection in
            try connection.run(
                """
                INSERT INTO event (shard, position, id, type, subject, source, at, data, actor, seal)
                SELECT shard, 5, id || '5', type, subject, source, at, data, actor, seal FROM event WHERE position = 4
                """)
        }
        #expect(behind == [AuditFinding(shard: 0, sequence: 3, trouble: .eventStray(5))])
    }

    @Test(arguments: Backend.available)
    func `A changed byte in a text that is kept once is found, and the text is named`(backend: Backend) async throws {
        let changed = try await findings(backend) { try $0.run("UPDATE note SET body = 'text 4' WHERE id = 'n-3'") }
        #expect(changed == [AuditFinding(shard: 0, sequence: 2, trouble: .textChanged("note n-3", event: 4))])
        #expect(changed.first?.description.contains("note n-3") == true)
        let gone = try await findings(backend) { try $0.run("DELETE FROM note WHERE id = 'n-2'") }
        #expect(gone == [AuditFinding(shard: 0, sequence: 2, trouble: .textChanged("note n-2", event: 3))])
    }

    @Test(arguments: Backend.available)
    func `What was written before there were seals is still verified, read and found`(backend: Backend) async throws {
        let before = eventLogMigrations.filter { $0.name < "eventlog-005" } + auditMigrations
        try await backend.withDatabase(migrations: before) { database in
            try await database.write { connection in
                let entry = AuditEntry(kind: "test.done", subject: "old", actor: "ann", text: "{\"number\":1}")
                try AuditLog().append([entry], on: connection, at: TestClock.start)
                try connection.run("INSERT INTO event_head (shard, position) VALUES (0, 1)")
                try connection.run(
                    """
                    INSERT INTO event (shard, position, id, type, subject, source, at, data)
                    VALUES (0, 1, '0195a-7', 'test.happened', 'old', '/tests', \(TestClock.start), '{"number":1}')
                    """)
            }
            try await database.migrate(eventLogMigrations + auditMigrations, at: TestClock.start)
            try await fill(database)
            let outcome = try await AuditVerifier(database, texts: texts).verify(checkpoints: [], publicKey: key.publicKey)
            #expect(outcome.isSound)
            #expect(outcome.rows == 4)
            try await database.read { connection in
                let log = EventLog.forTests
                #expect(try AuditLog().records(about: "old", on: connection).map(\.body) == ["{\"number\":1}"])
                #expect(try log.event(withID: "0195a-7", on: connection)?.position == 1)
                let events = try log.events(after: 0, limit: 9, on: connection)
                #expect(try events.map { try log.event(withID: $0.id, on: connection)?.position } == [1, 2, 3, 4, 5])
                #expect(Set(events.map(\.id)).count == 5)
                #expect(try log.event(withID: "e0.0.2", on: connection) == nil, "the place alone is no id")
                #expect(try log.position(before: TestClock.start, on: connection) == 0)
            }
            try await database.write { _ = try $0.run("UPDATE audit_entry SET body = '{\"number\":2}' WHERE sequence = 1") }
            let tampered = try await AuditVerifier(database).verify(checkpoints: [], publicKey: key.publicKey)
            #expect(tampered.findings == [AuditFinding(shard: 0, sequence: 1, trouble: .contentChanged)])
        }
    }

    @Test func `Sealed events leave with the entry that vouches for them`() async throws {
        try await Backend.sqlite.withDatabase(migrations: eventLogMigrations + auditMigrations, inMemory: true) { database in
            try await fill(database)
            var lines: [String] = []
            try await AuditLog().export(from: database) { lines += $0.split(separator: "\n").map(String.init) }
            struct Line: Decodable {
                struct Told: Decodable { let position: Int, actor: String? }
                let kind: String
                let events: [Told]?
            }
            let read: [Line] = try lines.map { try JSON.decode(from: $0) }
            #expect(read.map(\.kind) == ["events.sealed", "events.sealed", "key.made"])
            #expect(read.map { $0.events?.map(\.position) } == [[1], [3, 4], nil])
            #expect(read[1].events?.map(\.actor) == ["ann", "ann"])
        }
    }
}
