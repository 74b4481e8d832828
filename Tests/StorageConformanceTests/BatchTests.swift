import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Batches and loads` {
    @Test(arguments: Backend.available)
    func `a batch answers for each element in order`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            let names = (0..<2_500).map { "counter \($0 % 2_000)" }
            let changes = try await database.write { connection in
                try connection.run(forEach: names) {
                    "INSERT INTO counter (name, value) VALUES (\($0), \(1)) ON CONFLICT (name) DO NOTHING"
                }
            }
            #expect(changes == Array(repeating: 1, count: 2_000) + Array(repeating: 0, count: 500))
            let totals = try await database.write { connection in
                try connection.rows(forEach: names) {
                    """
                    INSERT INTO counter (name, value) VALUES (\($0), \(1))
                    ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value RETURNING name, value
                    """
                } _: { row in
                    (try row[0] as String, try row[1] as Int)
                }
            }
            #expect(totals.map(\.count) == Array(repeating: 1, count: 2_500))
            #expect(totals.map { $0[0].0 } == names)
            #expect(totals.map { $0[0].1 } == Array(repeating: 2, count: 2_000) + Array(repeating: 3, count: 500))
        }
    }

    @Test(arguments: Backend.available)
    func `NULL and values mix in one batch`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.samples]) { database in
            let values: [Int?] = [nil, nil, 3, nil, 5] + Array(repeating: nil, count: 1_200) + [8]
            try await database.write { connection in
                try connection.run(forEach: Array(values.enumerated())) {
                    "INSERT INTO sample (id, small, words) VALUES (\($0.offset), \($0.element), \($0.element.map { "n\($0)" }))"
                }
            }
            let found: [Int?] = try await database.read { try $0.values("SELECT small FROM sample ORDER BY id") }
            #expect(found == values)
        }
    }

    @Test(arguments: Backend.available, [0, 1, 700, 2_999])
    func `one bad element undoes the whole batch and the database stays usable`(backend: Backend, bad: Int) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            let fault = await expectFault(.storageConstraint) {
                try await database.write { connection in
                    try connection.run(forEach: Array(0..<3_000)) {
                        "INSERT INTO counter (name, value) VALUES (\("c\($0)"), \($0 == bad ? -1 : $0))"
                    }
                }
            }
            #expect(fault?.message.contains("-1") == false)
            let count = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(count == 0)
            try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES (\("after"), \(1))") }
        }
    }

    @Test(arguments: Backend.available)
    func `a batch whose statement throws is undone`(backend: Backend) async throws {
        struct Refused: Error {}
        try await backend.withDatabase(migrations: [.counters]) { database in
            await #expect(throws: Refused.self) {
                try await database.write { connection in
                    try connection.run(forEach: Array(0..<50)) { number in
                        if number == 40 { throw Refused() }
                        return "INSERT INTO counter (name, value) VALUES (\("c\(number)"), \(number))"
                    }
                }
            }
            let count = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(count == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `answers larger than any socket's buffer do not stall a batch`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.samples]) { database in
            let text = String(repeating: "0123456789abcdef", count: 2_000)
            let lengths = try await database.write { connection in
                try connection.rows(forEach: Array(0..<1_500)) {
                    "INSERT INTO sample (id, words) VALUES (\($0), \(text)) RETURNING words"
                } _: { row in
                    (try row[0] as String).utf8.count
                }
            }
            #expect(lengths == Array(repeating: [32_000], count: 1_500))
        }
    }

    @Test(arguments: Backend.available)
    func `a hundred thousand rows are loaded`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.samples]) { database in
            let count = try await database.write { connection in
                var next: Int64 = 0
                return try connection.load(into: "sample", columns: ["id", "whole", "number", "words"]) {
                    next += 1
                    return next > 100_000 ? nil : [.integer(next), .integer(-next), .real(Double(next) / 4), .text("w\(next)")]
                }
            }
            #expect(count == 100_000)
            let sum = try await database.number("SELECT SUM(whole) FROM sample")
            #expect(sum == -5_000_050_000)
            let ordered = try await database.number("SELECT COUNT(*) FROM sample WHERE number * 4 = id AND words = 'w' || id")
            #expect(ordered == 100_000)
        }
    }

    @Test(arguments: Backend.available)
    func `a load keeps every text, number and NULL`(backend: Backend) async throws {
        let texts = `Stored values`.texts
        let numbers = `Stored values`.numbers
        try await backend.withDatabase(migrations: [.samples]) { database in
            try await database.write { connection in
                var index = 0
                return try connection.load(into: "sample", columns: ["id", "number", "words", "code"]) {
                    defer { index += 1 }
                    guard index < texts.count else { return nil }
                    return [.integer(Int64(index)), .real(numbers[index % numbers.count]), .text(texts[index]), .null]
                }
            }
            let rows = try await database.read { connection in
                try connection.rows("SELECT number, words, code FROM sample ORDER BY id") { row in
                    let code: String? = try row[2]
                    #expect(code == nil)
                    return (try row[0] as Double, try row[1] as String)
                }
            }
            #expect(rows.map(\.1) == texts)
            #expect(rows.enumerated().allSatisfy { $1.0 == numbers[$0 % numbers.count] })
        }
    }

    @Test(arguments: Backend.available)
    func `a load that breaks a rule is undone and the database stays usable`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            await expectFault(.storageUnique) {
                try await database.write { connection in
                    var count: Int64 = 0
                    return try connection.load(into: "counter", columns: ["name", "value"]) {
                        count += 1
                        return count > 20_000 ? nil : [.text("c\(count % 15_000)"), .integer(count)]
                    }
                }
            }
            await expectFault(.storageDefect) {
                try await database.write { connection in
                    try connection.load(into: "counter", columns: ["name", "value"]) { [.text("too few")] }
                }
            }
            let count = try await database.number("SELECT COUNT(*) FROM counter")
            #expect(count == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `nothing to do is done at once`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            try await database.write { connection in
                let changes = try connection.run(forEach: [String]()) { "DELETE FROM counter WHERE name = \($0)" }
                let loaded = try connection.load(into: "counter", columns: ["name", "value"]) { nil }
                #expect(changes.isEmpty && loaded == 0)
            }
        }
    }
}
