import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Transactions` {
    @Test(arguments: Backend.available)
    func `what was written is there for the next reader`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            let changed = try await database.write { connection in
                try connection.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1)), (\("b"), \(2))")
            }
            #expect(changed == 2)
            let values: [Int] = try await database.read { try $0.values("SELECT value FROM counter ORDER BY name") }
            #expect(values == [1, 2])
        }
    }

    @Test(arguments: Backend.available)
    func `a transaction reads its own writes`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            let seen: Int? = try await database.write { connection in
                try connection.run("INSERT INTO counter (name, value) VALUES (\("a"), \(41))")
                try connection.run("UPDATE counter SET value = value + \(1) WHERE name = \("a")")
                return try connection.value("SELECT value FROM counter WHERE name = \("a")")
            }
            #expect(seen == 42)
        }
    }

    @Test(arguments: Backend.available)
    func `what throws leaves nothing behind`(backend: Backend) async throws {
        struct Refused: Error {}
        try await backend.withDatabase(migrations: [.counters]) { database in
            await #expect(throws: Refused.self) {
                try await database.write { connection in
                    try connection.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))")
                    throw Refused()
                }
            }
            let found = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(found == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a reader sees one snapshot while others write`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            let before = Gate()
            let after = Gate()
            async let seen: [Int?] = database.read { connection in
                let first = try connection.value("SELECT COUNT(*) FROM counter", as: Int.self)
                before.open()
                after.wait()
                return [first, try connection.value("SELECT COUNT(*) FROM counter", as: Int.self)]
            }
            await before.passed()
            try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))") }
            after.open()
            #expect(try await seen == [0, 0])
        }
    }

    @Test(arguments: Backend.available)
    func `a reader cannot write`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            await expectFault(.storageDefect) {
                try await database.read { try $0.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))") }
            }
            let found = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(found == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a fault that is swallowed still undoes the transaction`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            await expectFault(.storageUnique) {
                try await database.write { connection in
                    try connection.run("INSERT INTO counter (name, value) VALUES (\("a"), \(1))")
                    _ = try? connection.run("INSERT INTO counter (name, value) VALUES (\("a"), \(2))")
                    _ = try? connection.run("INSERT INTO counter (name, value) VALUES (\("b"), \(2))")
                }
            }
            let found = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(found == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `no increment is lost among a hundred writers`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES (\("a"), \(0))") }
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        for _ in 0..<20 { try await increment(database) }
                    }
                }
            }
            let found = try await database.number("SELECT value FROM counter")
            #expect(found == 2_000)
        }
    }

    @Test(arguments: Backend.available)
    func `workers that skip locked rows claim each row once`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.jobs]) { database in
            try await database.write { connection in
                try connection.run(forEach: Array(1...400)) { "INSERT INTO job (id, state) VALUES (\($0), \("ready"))" }
            }
            let claimed = try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try await claimAll(database) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.sorted() == Array(1...400))
        }
    }

    @Test(arguments: Backend.available)
    func `a connection is of no use after its transaction`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            await expectFault(.storageDefect) {
                try await database.write { connection in
                    let decoded = try connection.rows(forEach: [1, 2]) {
                        "SELECT CAST(\($0) AS BIGINT)"
                    } _: { row in
                        _ = try connection.run("DELETE FROM counter")
                        return try row[0] as Int
                    }
                    #expect(decoded.isEmpty)
                }
            }
        }
    }
}

private func increment(_ database: any Database) async throws {
    try await database.write { connection in
        guard let value: Int = try connection.value("SELECT value FROM counter WHERE name = \("a") \(.forUpdate)") else { return }
        try connection.run("UPDATE counter SET value = \(value + 1) WHERE name = \("a")")
    }
}

private func claimAll(_ database: any Database) async throws -> [Int] {
    var all: [Int] = []
    while true {
        let claimed: [Int] = try await database.write { connection in
            let ids: [Int] = try connection.values(
                "SELECT id FROM job WHERE state = \("ready") ORDER BY id LIMIT 7 \(.skipLocked)")
            if !ids.isEmpty { try connection.run("UPDATE job SET state = \("taken") WHERE id IN (\(list: ids))") }
            return ids
        }
        if claimed.isEmpty { return all }
        all += claimed
    }
}
