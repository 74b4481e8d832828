import Storage
import StoragePostgres
import TestBackends
import Testing
import Vocabulary

@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `PostgreSQL when things break` {
    @Test func `a transaction after the server cut the connection works`() async throws {
        try await Backend.postgres.withDatabase(migrations: [.counters]) { database in
            let process = try await database.number("SELECT pg_backend_pid()")
            try await cut("pid = \(try #require(process))")
            let again = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(again == 0)
        }
    }

    @Test func `Row 6: a connection cut inside a transaction is a fault that may be tried again`() async throws {
        try await Backend.postgres.withDatabase(migrations: [.counters]) { database in
            let fault = await expectFault(.storageUnavailable) {
                try await database.write { connection in
                    try connection.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))")
                    try connection.run("SELECT pg_terminate_backend(pg_backend_pid())")
                    try connection.run("INSERT INTO counter (name, value) VALUES (\("b"), \(1))")
                }
            }
            #expect(fault?.disposition == .retry())
            let count = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(count == 0)
        }
    }

    @Test func `Row 6: a connection cut inside a batch is a fault and the next works`() async throws {
        try await Backend.postgres.withDatabase(migrations: [.counters]) { database in
            await expectFault(.storageUnavailable) {
                try await database.write { connection in
                    try connection.run(forEach: Array(0..<5_000)) {
                        "SELECT CASE WHEN \($0) = 2500 THEN pg_terminate_backend(pg_backend_pid()) END"
                    }
                }
            }
            let count = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(count == 0)
        }
    }

    @Test func `Row 7: a connection that breaks while it commits leaves the outcome unknown`() async throws {
        try await Backend.postgres.withDatabase(migrations: [.counters]) { database in
            try await database.write { connection in
                try connection.run(
                    """
                    CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
                    """)
                try connection.run(
                    """
                    CREATE CONSTRAINT TRIGGER leaving AFTER INSERT ON counter DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION leave()
                    """)
            }
            await expectFault(.storageCommitUnknown) {
                try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))") }
            }
        }
    }

    @Test func `Row 5: a server that is away for a second and a half is waited for`() async throws {
        try await withPostgresDatabase { conninfo, name in
            let database = try await PostgresDatabase.open(conninfo: conninfo, database: name)
            try await PostgresDatabase.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS false", at: conninfo)
            try await cut("datname = '\(name)'")
            async let back: Void = {
                try await Task.sleep(for: .milliseconds(1_500))
                try await PostgresDatabase.administer("ALTER DATABASE \(name) ALLOW_CONNECTIONS true", at: conninfo)
            }()
            let start = ContinuousClock.now
            let answer = try await database.number("SELECT \(1)")
            #expect(answer == 1)
            #expect(ContinuousClock.now - start < .seconds(5))
            try await back
            await database.close()
        }
    }

    @Test func `a server that stays away is a fault`() async throws {
        await expectFault(.storageUnavailable) {
            try await PostgresDatabase.open(conninfo: "host=127.0.0.1 port=1 user=nobody dbname=nothing")
        }
    }

    @Test func `Row 6: who finds every connection busy waits in order, and not for ever`() async throws {
        try await withPostgresDatabase { conninfo, name in
            let database = try await PostgresDatabase.open(
                conninfo: conninfo, database: name, connections: 2, patience: .milliseconds(300))
            let busy = Gate()
            let release = Gate()
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await database.read { _ in
                            busy.open()
                            release.wait()
                        }
                    }
                }
                for _ in 0..<2 { await busy.passed() }
                let fault = await expectFault(.storageUnavailable) { try await database.number("SELECT \(1)") }
                #expect(fault?.message.contains("2 connections") == true)
                group.addTask {
                    let answer = try await database.number("SELECT \(2)")
                    #expect(answer == 2)
                }
                try await Task.sleep(for: .milliseconds(50))
                release.open()
                release.open()
            }
            await database.close()
            await expectFault(.storageUnavailable) { try await database.number("SELECT \(1)") }
        }
    }

    @Test func `Row 6: two transactions that lock each other out both end well`() async throws {
        try await Backend.postgres.withDatabase(migrations: [.counters]) { database in
            try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES (\("a"), \(0)), (\("b"), \(0))") }
            try await withThrowingDiscardingTaskGroup { group in
                for order in [["a", "b"], ["b", "a"]] {
                    group.addTask {
                        for _ in 0..<10 {
                            try await database.write { connection in
                                for name in order {
                                    try connection.run("UPDATE counter SET value = value + 1 WHERE name = \(name)")
                                    try connection.run("SELECT pg_sleep(0.005)")
                                }
                            }
                        }
                    }
                }
            }
            let total = try await database.number("SELECT SUM(value) FROM counter")
            #expect(total == 40)
        }
    }

    @Test func `a table that another program changed does not spoil prepared statements`() async throws {
        try await withPostgresDatabase { conninfo, name in
            let database = try await PostgresDatabase.open(conninfo: conninfo, database: name, connections: 1)
            try await database.migrate([.counters], at: TestClock.start)
            try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))") }
            let before = try await database.read { try $0.rows("SELECT * FROM counter") { row in try row[0] as String } }
            let other = try await PostgresDatabase.open(conninfo: conninfo, database: name)
            try await other.write { try $0.run("ALTER TABLE counter ADD COLUMN note TEXT") }
            await other.close()
            let names = try await database.read { try $0.rows("SELECT * FROM counter") { row in try row[0] as String } }
            #expect(names == before)
            await database.close()
        }
    }

    /// Ends the connections that a condition on `pg_stat_activity` names.
    private func cut(_ condition: String) async throws {
        try await PostgresDatabase.administer(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE \(condition) AND pid <> pg_backend_pid()",
            at: try #require(Backend.conninfo))
    }
}
