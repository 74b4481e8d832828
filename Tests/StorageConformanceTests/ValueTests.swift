import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Stored values` {
    static let integers: [Int64] = [.min, .min + 1, -1, 0, 1, 1 << 53 + 1, .max]
    static let numbers: [Double] = [
        0, 0.1, -1.5, 1 / 3, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, .infinity,
    ]
    static let texts = [
        "", " ", "bolt M8", "Schraube ÄÖÜß", "螺栓 🔩", "e\u{301}", "a'b\"c", "tab\tline\nreturn\rback\\slash",
        #"\N"#, #"\."#, "%_",
        String(repeating: "långt ", count: 5_000),
    ]

    @Test(arguments: Backend.available)
    func `every integer comes back as it was`(backend: Backend) async throws {
        #expect(try await roundTrip(Self.integers, column: "whole", on: backend) == Self.integers)
    }

    @Test(arguments: Backend.available)
    func `every number comes back to the last bit`(backend: Backend) async throws {
        let found = try await roundTrip(Self.numbers, column: "number", on: backend)
        #expect(found.map(\.bitPattern) == Self.numbers.map(\.bitPattern))
    }

    @Test(arguments: Backend.available)
    func `every text comes back byte by byte`(backend: Backend) async throws {
        let found = try await roundTrip(Self.texts, column: "words", on: backend)
        #expect(found.map { Array($0.utf8) } == Self.texts.map { Array($0.utf8) })
    }

    @Test(arguments: Backend.available)
    func `NULL is not zero and not empty text`(backend: Backend) async throws {
        let counts: [Int64?] = [nil, 0, nil, 7]
        #expect(try await roundTrip(counts, column: "whole", on: backend) == counts)
        let words: [String?] = [nil, "", "x", nil]
        #expect(try await roundTrip(words, column: "words", on: backend) == words)
    }

    @Test(arguments: Backend.available)
    func `the vocabulary is stored in its own columns`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.samples]) { database in
            let date = try #require(BusinessDate(text: "2026-02-28"))
            let item = ID<Int>("bolt|m8")
            try await database.write { connection in
                try connection.run(
                    """
                    INSERT INTO sample (id, whole, small, number, words, code)
                    VALUES (\(1), \(Quantity(scaled: -1)), \(true), \(0.5), \(date), \(item))
                    """)
            }
            try await database.read { connection in
                let rows = try connection.rows("SELECT whole, small, number, words, code FROM sample") { row in
                    let quantity: Quantity = try row[0]
                    let flag: Bool = try row[1]
                    let number: Double = try row[2]
                    let day: BusinessDate = try row[3]
                    let key: ID<Int> = try row[4]
                    return quantity == Quantity(scaled: -1) && flag && number == 0.5 && day == date && key == item
                }
                #expect(rows == [true])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `text with the NUL character is refused with its place`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.samples]) { database in
            let single = await expectFault(.invalidInput) {
                try await database.write { try $0.run("INSERT INTO sample (id, words) VALUES (\(1), \("a\0b"))") }
            }
            #expect(single?.violations.first?.field == "parameter 2")
            let load = await expectFault(.invalidInput) {
                try await database.write { connection in
                    var rows: [[SQLValue]] = [[.integer(1), .text("fine")], [.integer(2), .text("a\0b")]]
                    return try connection.load(into: "sample", columns: ["id", "words"]) {
                        rows.isEmpty ? nil : rows.removeFirst()
                    }
                }
            }
            #expect(load?.violations.first?.field == "row 2, words")
            let count = try await database.number("SELECT COUNT(*) FROM sample")
            #expect(count == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a column that does not hold what is asked for is a fault`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            await expectFault(.storageDefect) { try await database.number("SELECT \("twelve")") }
            await expectFault(.storageDefect) { try await database.number("SELECT \(1.5)") }
            await expectFault(.storageDefect) { try await database.number("SELECT NULL") }
            let whole = try await database.number("SELECT SUM(x) FROM (SELECT \(2) AS x UNION ALL SELECT \(3)) AS parts")
            #expect(whole == 5)
            let truth = try await database.number("SELECT \(2) > \(1)")
            #expect(truth == 1)
        }
    }

    private func roundTrip<Value: SQLRepresentable & Sendable>(
        _ values: [Value], column: String, on backend: Backend
    ) async throws -> [Value] {
        try await backend.withDatabase(migrations: [.samples]) { database in
            try await database.write { connection in
                for (index, value) in values.enumerated() {
                    try connection.run("INSERT INTO sample (id, \(identifier: column)) VALUES (\(index), \(value))")
                }
            }
            return try await database.read { try $0.values("SELECT \(identifier: column) FROM sample ORDER BY id") }
        }
    }
}
