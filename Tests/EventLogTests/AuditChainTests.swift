import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct AuditChainTests {
    private let key = AuditSigningKey()

    /// Runs `tamper` on a chain of ten entries, of which the first five and all ten were signed, and verifies.
    private func findings(
        _ backend: Backend, keeping kept: Bool = true, _ tamper: @escaping @Sendable (any Connection) throws -> Void
    ) async throws -> [AuditFinding] {
        try await backend.withDatabase(migrations: auditMigrations, inMemory: true) { database in
            var checkpoints: [AuditCheckpoint] = []
            for half in 0..<2 {
                checkpoints.append(try await appendFive(half, to: database))
            }
            // A second shard, whose chain stays sound.
            try await database.write { connection in
                try AuditLog(shard: 1).append([entry(1)], on: connection, at: TestClock.start)
            }
            try await database.write { connection in
                if !kept { try connection.run("DELETE FROM audit_checkpoint") }
                try tamper(connection)
            }
            let result = try await AuditVerifier(database).verify(
                checkpoints: kept ? checkpoints : [], publicKey: key.publicKey)
            return result.findings
        }
    }

    private func appendFive(_ half: Int, to database: any Database) async throws -> AuditCheckpoint {
        let signed = try await database.write { connection in
            let log = AuditLog()
            try log.append((1...5).map { entry(half * 5 + $0) }, on: connection, at: TestClock.start)
            return try log.checkpoint(signedBy: key, on: connection, at: TestClock.start)
        }
        return try #require(signed)
    }

    private func entry(_ number: Int) -> AuditEntry {
        AuditEntry(kind: "test.done", subject: "S-\(number)", actor: "ann", text: "{\"number\":\(number)}")
    }

    @Test(arguments: Backend.available)
    func `An untouched chain is sound`(backend: Backend) async throws {
        #expect(try await findings(backend) { _ in } == [])
    }

    @Test(
        arguments: Backend.available,
        [
            "body = '{\"number\":5}'", "kind = 'test.dome'", "subject = 'S-5'", "actor = 'anm'", "at = at + 1",
            "previous = '1' || substr(previous, 2)", "hash = 'f' || 'f' || substr(hash, 3)",
        ])
    func `Row 43: a changed byte in any column is found at its row`(backend: Backend, change: String) async throws {
        let statement = SQL(stringLiteral: "UPDATE audit_entry SET \(change) WHERE shard = 0 AND sequence = 4")
        let found = try await findings(backend) { connection in
            let changed = try connection.run(statement)
            #expect(changed == 1)
        }
        #expect(found == [AuditFinding(shard: 0, sequence: 4, trouble: .contentChanged)])
    }

    @Test(arguments: Backend.available)
    func `Row 43: a deleted row is missing`(backend: Backend) async throws {
        let found = try await findings(backend) { try $0.run("DELETE FROM audit_entry WHERE shard = 0 AND sequence = 7") }
        #expect(found == [AuditFinding(shard: 0, sequence: 7, trouble: .missing)])
        let first = try await findings(backend) { try $0.run("DELETE FROM audit_entry WHERE shard = 0 AND sequence = 1") }
        #expect(first == [AuditFinding(shard: 0, sequence: 1, trouble: .missing)])
    }

    @Test(arguments: Backend.available)
    func `Row 43: rows that changed places are found at the first of them`(backend: Backend) async throws {
        let found = try await findings(backend) { connection in
            try connection.run("UPDATE audit_entry SET sequence = 100 WHERE shard = 0 AND sequence = 3")
            try connection.run("UPDATE audit_entry SET sequence = 3 WHERE shard = 0 AND sequence = 6")
            try connection.run("UPDATE audit_entry SET sequence = 6 WHERE shard = 0 AND sequence = 100")
        }
        #expect(found == [AuditFinding(shard: 0, sequence: 3, trouble: .contentChanged)])
    }

    @Test(arguments: Backend.available)
    func `Row 43: a row put in before the first is a stray`(backend: Backend) async throws {
        let found = try await findings(backend) { connection in
            try connection.run("UPDATE audit_entry SET sequence = 0 WHERE shard = 0 AND sequence = 3")
        }
        #expect(found == [AuditFinding(shard: 0, sequence: 0, trouble: .stray)])
    }

    @Test(arguments: Backend.available)
    func `Row 43: a tail that was cut off is missed by the checkpoint or else by the head`(backend: Backend)
        async throws
    {
        let cut: @Sendable (any Connection) throws -> Void = { connection in
            try connection.run("DELETE FROM audit_entry WHERE shard = 0 AND sequence > 8")
        }
        #expect(try await findings(backend, keeping: false, cut) == [AuditFinding(shard: 0, sequence: 9, trouble: .tailCut)])
        let withHead = try await findings(backend) { connection in
            try cut(connection)
            // The forger mends the head too.
            try connection.run(
                """
                UPDATE audit_head SET sequence = 8,
                    hash = (SELECT hash FROM audit_entry WHERE shard = 0 AND sequence = 8) WHERE shard = 0
                """)
        }
        #expect(withHead.first == AuditFinding(shard: 0, sequence: 9, trouble: .tailCut))
    }

    @Test(arguments: Backend.available)
    func `Row 43: a chain that was made anew from the start differs from what was signed`(backend: Backend) async throws {
        let forge: @Sendable (any Connection) throws -> Void = { connection in
            try connection.run("DELETE FROM audit_entry WHERE shard = 0")
            try connection.run("DELETE FROM audit_head WHERE shard = 0")
            let entries = (1...10).map { number in
                AuditEntry(
                    kind: "test.done", subject: "S-\(number)", actor: number == 2 ? "bob" : "ann", text: "{\"number\":\(number)}")
            }
            try AuditLog().append(entries, on: connection, at: TestClock.start)
        }
        #expect(try await findings(backend, forge) == [AuditFinding(shard: 0, sequence: 5, trouble: .rewritten)])
        #expect(try await findings(backend, keeping: false, forge) == [], "only a checkpoint can tell")
    }

    @Test(arguments: Backend.available)
    func `Row 43: a row that was hashed anew is found where the next one does not follow it`(backend: Backend) async throws {
        let found = try await findings(backend) { connection in
            try connection.run("DELETE FROM audit_entry WHERE shard = 0 AND sequence = 10")
            let previous = try connection.value("SELECT hash FROM audit_entry WHERE shard = 0 AND sequence = 2", as: Digest.self)
            try connection.run("DELETE FROM audit_entry WHERE shard = 0 AND sequence = 3")
            try connection.run("UPDATE audit_head SET sequence = 2, hash = \(previous) WHERE shard = 0")
            try AuditLog().append([entry(99)], on: connection, at: TestClock.start)
        }
        #expect(found == [AuditFinding(shard: 0, sequence: 4, trouble: .brokenLink)])
    }

    @Test(arguments: Backend.available)
    func `Row 43: a row moved to another shard is named with the shard it came from`(backend: Backend) async throws {
        let found = try await findings(backend) { connection in
            try connection.run("UPDATE audit_entry SET shard = 1 WHERE shard = 0 AND sequence = 2")
        }
        #expect(
            found == [
                AuditFinding(shard: 0, sequence: 2, trouble: .missing),
                AuditFinding(shard: 1, sequence: 2, trouble: .otherShard(0)),
            ])
    }

    @Test(arguments: Backend.available)
    func `Row 43: a checkpoint that somebody altered or signed with another key is not believed`(backend: Backend) async throws {
        let altered = try await findings(backend) { try $0.run("UPDATE audit_checkpoint SET sequence = 4 WHERE sequence = 5") }
        #expect(altered == [AuditFinding(shard: 0, sequence: 4, trouble: .checkpointNotSigned)])
        let foreign = try AuditCheckpoint(
            shard: 0, sequence: 3, hash: Digest(of: "x"), at: TestClock.start, signedBy: AuditSigningKey())
        let planted = try await findings(backend) { connection in
            try connection.run(
                """
                INSERT INTO audit_checkpoint (shard, sequence, hash, at, key_id, signature)
                VALUES (0, 3, \(foreign.hash), \(foreign.at), \(foreign.keyID), \(foreign.signature))
                """)
        }
        #expect(planted == [AuditFinding(shard: 0, sequence: 3, trouble: .checkpointNotSigned)])
    }

    @Test(arguments: Backend.available)
    func `Sequences have no gaps and hashes follow each other although writers are undone`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: auditMigrations, inMemory: true) { database in
            let undone = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<8 {
                    group.addTask { try await appendSome(writer, to: database) }
                }
                return try await group.reduce(0, +)
            }
            let result = try await AuditVerifier(database).verify(checkpoints: [], publicKey: key.publicKey)
            #expect(result.findings == [])
            #expect(result.rows == Int64(8 * 20 - undone))
            #expect(undone > 0)
        }
    }

    /// Twenty transactions with an entry each; how many of them were undone.
    private func appendSome(_ writer: Int, to database: any Database) async throws -> Int {
        let chance = Randomness.seeded(UInt64(writer))
        var undone = 0
        for turn in 0..<20 {
            let isUndone = chance.fraction() < 0.3
            do {
                try await database.write { connection in
                    try AuditLog().append([entry(writer * 100 + turn)], on: connection, at: TestClock.start)
                    if isUndone { throw Stumbled() }
                }
            } catch is Stumbled {
                undone += 1
            }
        }
        return undone
    }
}
