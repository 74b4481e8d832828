import Foundation
import Storage
import StorageSQLite
import TestBackends
import Testing
import Vocabulary

@Suite struct `The SQLite file` {
    @Test func `every commit waits for the disk`() async throws {
        try await withTemporaryFolder { folder in
            let database = try await SQLiteDatabase.open(path: folder.appending(path: "a.sqlite").path)
            let settings = try await database.write { connection in
                [
                    try connection.value("PRAGMA synchronous", as: String.self),
                    try connection.value("PRAGMA journal_mode", as: String.self),
                    try connection.value("PRAGMA foreign_keys", as: String.self),
                ]
            }
            #expect(settings == ["2", "wal", "1"])
            await database.close()
        }
    }

    @Test func `Row 10: a second opening is refused and names the holder`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "a.sqlite").path
            let database = try await SQLiteDatabase.open(path: path)
            let fault = await expectFault(.storageLocked) { try await SQLiteDatabase.open(path: path) }
            #expect(fault?.message.contains(path) == true)
            #expect(fault?.message.contains("process \(getpid())") == true)
            await database.close()
            let again = try await SQLiteDatabase.open(path: path)
            await again.close()
        }
    }

    @Test func `Row 10: a file that another process has locked is refused until that ends`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "a.sqlite").path
            let holder = Process()
            let input = Pipe()
            let output = Pipe()
            holder.executableURL = URL(filePath: "/usr/bin/flock")
            holder.arguments = ["--close", path + ".lock", "sh", "-c", "echo held; cat"]
            holder.standardInput = input
            holder.standardOutput = output
            try holder.run()
            #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
            await expectFault(.storageLocked) { try await SQLiteDatabase.open(path: path) }
            try input.fileHandleForWriting.close()
            holder.waitUntilExit()
            let database = try await SQLiteDatabase.open(path: path)
            await database.close()
        }
    }

    @Test func `Row 9: what was committed outlives a process that is killed`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "a.sqlite").path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let database = try await SQLiteDatabase.open(path: path)
                try await database.migrate([.counters], at: TestClock.start)
                for number in 0..<50 {
                    try await database.write {
                        try $0.run("INSERT INTO counter (name, value) VALUES (\("c\(number)"), \(number))")
                    }
                }
                try await database.write { connection in
                    try connection.run("INSERT INTO counter (name, value) VALUES (\("never"), \(0))")
                    _ = kill(getpid(), SIGKILL)
                }
            }
            let database = try await SQLiteDatabase.open(path: path)
            let count = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(count == 50)
            let health: String? = try await database.read { try $0.value("PRAGMA integrity_check") }
            #expect(health == "ok")
            await database.close()
        }
    }

    @Test func `a file that cannot be opened is a fault with its reason`() async throws {
        await expectFault(.storageUnavailable) { try await SQLiteDatabase.open(path: "/nonexistent/folder/a.sqlite") }
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "a.sqlite")
            try Data(repeating: 0x41, count: 8_192).write(to: file)
            await expectFault(.storageSchema) { try await SQLiteDatabase.open(path: file.path) }
        }
    }

    @Test func `a closed database says so`() async throws {
        let database = try SQLiteDatabase.inMemory()
        await database.close()
        await database.close()
        await expectFault(.storageUnavailable) { try await database.number("SELECT \(1)") }
        await expectFault(.storageUnavailable) { try await database.write { try $0.run("DELETE FROM x") } }
    }

    @Test func `Row 27: a full disk is told from other troubles`() async throws {
        let database = try SQLiteDatabase.inMemory()
        try await database.migrate([.samples], at: TestClock.start)
        try await database.write { try $0.run("PRAGMA max_page_count = 20") }
        await expectFault(.storageFull) {
            try await database.write { connection in
                let text = String(repeating: "x", count: 1_000)
                return try connection.run(forEach: Array(0..<1_000)) { "INSERT INTO sample (id, words) VALUES (\($0), \(text))" }
            }
        }
        let count = try await database.number("SELECT COUNT(*) FROM sample")
        #expect(count == 0)
        await database.close()
    }
}
