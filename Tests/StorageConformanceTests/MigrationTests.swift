import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Migrations` {
    private static let first = Migration("test-001-first") { "CREATE TABLE first (id BIGINT PRIMARY KEY)" }
    private static let second = Migration("test-002-second") {
        "CREATE TABLE second (id BIGINT PRIMARY KEY)"
        "INSERT INTO second (id) VALUES (\(1))"
    }

    @Test(arguments: Backend.available)
    func `the same migrations a second time change nothing`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            for _ in 0..<2 { try await database.migrate([Self.first, Self.second], at: TestClock.start) }
            let rows = try await database.number("SELECT COUNT(*) FROM second")
            #expect(rows == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a migration that was applied may not change its text`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [Self.first]) { database in
            let changed = Migration("test-001-first") { "CREATE TABLE first (id BIGINT PRIMARY KEY, more TEXT)" }
            let fault = await expectFault(.storageSchema) { try await database.migrate([changed], at: TestClock.start) }
            #expect(fault?.message.contains("test-001-first") == true)
        }
    }

    @Test(arguments: Backend.available)
    func `a database of a later version is refused`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [Self.first, Self.second]) { database in
            let fault = await expectFault(.storageSchema) { try await database.migrate([Self.first], at: TestClock.start) }
            #expect(fault?.message.contains("test-002-second") == true)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 33: what a later version has only added is left alone, and what it has changed is refused`(backend: Backend)
        async throws
    {
        let added = Migration("test-002-added", isAdditive: true) { "ALTER TABLE first ADD COLUMN more TEXT" }
        let changed = Migration("test-003-changed") { "ALTER TABLE first DROP COLUMN more" }
        try await backend.withDatabase(migrations: [Self.first, added]) { database in
            for _ in 0..<2 { try await database.migrate([Self.first], at: TestClock.start) }
            try await database.migrate([Self.first, added, changed], at: TestClock.start)
            let fault = await expectFault(.storageSchema) { try await database.migrate([Self.first], at: TestClock.start) }
            #expect(fault?.message.contains("test-003-changed") == true)
        }
    }

    @Test(arguments: Backend.available)
    func `a migration that fails leaves nothing of itself`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [Self.first]) { database in
            let broken = Migration("test-002-broken") {
                "CREATE TABLE half (id BIGINT PRIMARY KEY)"
                "CREATE TABLE first (id BIGINT PRIMARY KEY)"
            }
            await expectFault(.storageDefect) { try await database.migrate([Self.first, broken], at: TestClock.start) }
            try await database.migrate([Self.first, Self.second], at: TestClock.start)
            await expectFault(.storageDefect) { try await database.number("SELECT COUNT(*) FROM half") }
        }
    }

    @Test(arguments: Backend.available)
    func `several that migrate at once do it once`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask { try await database.migrate([Self.first, Self.second], at: TestClock.start) }
                }
            }
            let rows = try await database.number("SELECT COUNT(*) FROM second")
            #expect(rows == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `one that comes while another makes the journal waits for it`(backend: Backend) async throws {
        for _ in 0..<5 {
            try await backend.withDatabase { database in
                try await withThrowingDiscardingTaskGroup { group in
                    for _ in 0..<8 { group.addTask { try await database.migrate([], at: TestClock.start) } }
                }
                let journal = try await database.number("SELECT COUNT(*) FROM schema_migration WHERE name = ''")
                #expect(journal == 1)
            }
        }
    }
}
