import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Changes of many rows` {
    private struct Sample: Hashable, Sendable {
        var words: String?
        var small: Int?
        var real: Double
    }

    private func run(_ backend: Backend, _ body: (any Database) async throws -> Void) async throws {
        try await backend.withDatabase(migrations: [.changes]) { database in
            try await database.write { connection in
                try connection.run(forEach: Array(0..<700)) { number in
                    """
                    INSERT INTO change (name, part, small, words, real)
                    VALUES (\("n\(number)"), 1, \(number % 2 == 0 ? nil : number), NULL, 0.5)
                    """
                }
            }
            try await body(database)
        }
    }

    private func change(
        _ key: String, seen: Int?, to words: String?, _ small: Int? = 9, _ real: Double = 1.5
    ) -> RowChanges.Change {
        RowChanges.Change(
            key: [key.sqlValue, 1.sqlValue], seen: [seen.sqlValue],
            values: [words.sqlValue, small.sqlValue, real.sqlValue])
    }

    private func make(_ changes: [RowChanges.Change], in database: any Database, where condition: SQL? = nil) async throws
        -> [Bool]
    {
        try await database.write { connection in
            try connection.change(
                RowChanges(
                    of: "change", key: ["name", "part"], seen: ["small"], set: ["words", "small", "real"], where: condition,
                    changes))
        }
    }

    private func samples(in database: any Database) async throws -> [String: Sample] {
        let rows = try await database.read { connection in
            try connection.rows("SELECT name, words, small, real FROM change") { row in
                (try row[0] as String, Sample(words: try row[1], small: try row[2], real: try row[3]))
            }
        }
        return Dictionary(rows) { first, _ in first }
    }

    @Test(arguments: Backend.available)
    func `are made where the row is as it was seen, and say so in order`(backend: Backend) async throws {
        try await run(backend) { database in
            let hostile = #"a "quoted", {braced} \ back, NULL"# + "\n'"
            let changes = [
                change("n3", seen: 3, to: hostile), change("n2", seen: nil, to: "", nil), change("n1", seen: nil, to: "no"),
                change("n4", seen: 4, to: "no"), change("none", seen: nil, to: "no"), change("n5", seen: 5, to: nil, 7, -0.25),
            ]
            #expect(try await make(changes, in: database) == [true, true, false, false, false, true])
            let now = try await samples(in: database)
            #expect(now["n3"] == Sample(words: hostile, small: 9, real: 1.5))
            #expect(now["n2"] == Sample(words: "", small: nil, real: 1.5))
            #expect(now["n5"] == Sample(words: nil, small: 7, real: -0.25))
            #expect(now["n1"] == Sample(words: nil, small: 1, real: 0.5))
            #expect(now["n4"] == Sample(words: nil, small: nil, real: 0.5))
            #expect(now.count == 700)
        }
    }

    @Test(arguments: Backend.available)
    func `may be one, none, or alike in all columns, and have a condition beside`(backend: Backend) async throws {
        try await run(backend) { database in
            #expect(try await make([], in: database) == [])
            #expect(try await make([change("n0", seen: nil, to: nil, nil)], in: database) == [true])
            let odd = stride(from: 11, to: 700, by: 2).map { (number: Int) in change("n\(number)", seen: number, to: "alike") }
            #expect(try await make(odd, in: database, where: "real > 0.9") == odd.map { _ in false })
            #expect(try await make(odd, in: database, where: "(words IS NULL OR words = 'x')") == odd.map { _ in true })
            #expect(try await make(odd, in: database) == odd.map { _ in false }, "they are not as they were seen any more")
            let alike = try await samples(in: database).values.filter { $0.words == "alike" }
            #expect(alike.count == 345)
        }
    }
}

extension Migration {
    fileprivate static let changes = Migration("change-001") {
        """
        CREATE TABLE change (
            name \(.key) NOT NULL, part BIGINT NOT NULL, small SMALLINT, words TEXT, real DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (name, part))
        """
    }
}
