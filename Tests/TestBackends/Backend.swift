import Foundation
import Storage
import StoragePostgres
import StorageSQLite
import Vocabulary

/// The databases on which a test that stores something runs: `@Test(arguments: Backend.available)`.
package enum Backend: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// SQLite always, and PostgreSQL when `PLIMSOLL_TEST_POSTGRES` holds a libpq connection string of a role that may
    /// create databases.
    ///
    /// With `PLIMSOLL_TEST_REQUIRE_POSTGRES=1` PostgreSQL is listed in any case, and its tests fail where there is none:
    /// a build server cannot skip them silently.
    package static let available: [Backend] =
        conninfo != nil || environment["PLIMSOLL_TEST_REQUIRE_POSTGRES"] == "1" ? [.sqlite, .postgres] : [.sqlite]

    /// The connection string of the server under test.
    package static let conninfo: String? = environment["PLIMSOLL_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }

    private static let environment = ProcessInfo.processInfo.environment

    /// Runs `body` on a new database with these migrations, which is gone afterwards.
    ///
    /// - Parameter inMemory: whether SQLite keeps it in memory; otherwise it is a file, with every commit on the disk.
    @discardableResult
    package func withDatabase<Value>(
        migrations: [Migration] = [], inMemory: Bool = false, _ body: (any Database) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .sqlite where inMemory:
            return try await using(try SQLiteDatabase.inMemory(), migrations, body)
        case .sqlite:
            return try await withTemporaryFolder { folder in
                let database = try await SQLiteDatabase.open(path: folder.appending(path: "plimsoll.sqlite").path)
                return try await using(database, migrations, body)
            }
        case .postgres:
            return try await withPostgresDatabase { conninfo, name in
                let database = try await PostgresDatabase.open(conninfo: conninfo, database: name)
                return try await using(database, migrations, body)
            }
        }
    }

    private func using<Value>(
        _ database: any Database, _ migrations: [Migration], _ body: (any Database) async throws -> Value
    ) async throws -> Value {
        do {
            if !migrations.isEmpty { try await database.migrate(migrations, at: TestClock.start) }
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }
}

/// Runs `body` with the connection string of the server under test and the name of a new, empty database on it.
@discardableResult
package func withPostgresDatabase<Value>(
    _ body: (_ conninfo: String, _ database: String) async throws -> Value
) async throws -> Value {
    guard let conninfo = Backend.conninfo else {
        throw Fault.defect("This run asks for PostgreSQL, and PLIMSOLL_TEST_POSTGRES names none.")
    }
    let name = "plimsoll_test_" + String(UInt64.random(in: .min ... .max), radix: 36)
    try await PostgresDatabase.administer("CREATE DATABASE \(name) TEMPLATE template0", at: conninfo)
    do {
        let value = try await body(conninfo, name)
        try await PostgresDatabase.administer("DROP DATABASE \(name) WITH (FORCE)", at: conninfo)
        return value
    } catch {
        try? await PostgresDatabase.administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)", at: conninfo)
        throw error
    }
}

/// Runs `body` with a new folder that is deleted afterwards.
@discardableResult
package func withTemporaryFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
