import Foundation
import Storage
import StorageSQLite
import Testing
import Vocabulary

@Suite struct `A copy of the embedded database` {
    @Test func `is whole while others write, and takes the place of a later state`() async throws {
        try await inFolder { folder in
            let (path, copy) = (folder + "/live.sqlite", folder + "/copy.sqlite")
            let database = try await SQLiteDatabase.open(path: path)
            try await database.migrate(counted, at: Instant(microseconds: 1))
            // Both rows of a pair are in the copy, or neither.
            async let writing: Void = fill(database, pairs: 200)
            try await Task.sleep(for: .milliseconds(20))
            try await database.copy(to: copy)
            try await writing
            let later = try await count(database)
            await database.close()
            try SQLiteDatabase.restore(path: path, from: copy, keeping: folder + "/aside.sqlite")
            let restored = try await SQLiteDatabase.open(path: path)
            let (pairs, halves) = try await count(restored)
            #expect(halves == 0 && pairs <= later.pairs && later.pairs == 200)
            await restored.close()
            #expect(FileManager.default.fileExists(atPath: folder + "/aside.sqlite"))
        }
    }

    @Test func `is refused while a process has the database open, and when it is damaged or none of ours`() async throws {
        try await inFolder { folder in
            let (path, copy) = (folder + "/live.sqlite", folder + "/copy.sqlite")
            let database = try await SQLiteDatabase.open(path: path)
            try await database.migrate(counted, at: Instant(microseconds: 1))
            try await database.copy(to: copy)
            #expect(fault { try SQLiteDatabase.restore(path: path, from: copy, keeping: folder + "/aside") } == .storageLocked)
            await database.close()
            let other = folder + "/other"
            try Data("SQLite format 3\\0 and nothing more".utf8).write(to: URL(fileURLWithPath: other))
            #expect(fault { try SQLiteDatabase.restore(path: path, from: other, keeping: folder + "/aside") } != nil)
            #expect(!FileManager.default.fileExists(atPath: folder + "/aside"))
            let still = try await SQLiteDatabase.open(path: path)
            #expect(try await count(still).pairs == 0)
            await still.close()
        }
    }

    private let counted = [Migration("copy-001") { "CREATE TABLE pair (number BIGINT NOT NULL, side SMALLINT NOT NULL)" }]

    private func fill(_ database: SQLiteDatabase, pairs: Int) async throws {
        for number in 0..<pairs {
            try await database.write { connection in
                for side in 0..<2 { try connection.run("INSERT INTO pair (number, side) VALUES (\(number), \(side))") }
            }
        }
    }

    private func count(_ database: SQLiteDatabase) async throws -> (pairs: Int, halves: Int) {
        try await database.read { connection in
            (
                try connection.value("SELECT COUNT(DISTINCT number) FROM pair", as: Int.self) ?? 0,
                try connection.value(
                    "SELECT COUNT(*) FROM (SELECT number FROM pair GROUP BY number HAVING COUNT(*) <> 2) odd", as: Int.self) ?? 0
            )
        }
    }

    private func fault(_ work: () throws -> Void) -> Fault.Code? {
        do { try work() } catch { return (error as? Fault)?.code }
        return nil
    }

    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }
}
