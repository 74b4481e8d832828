import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `Statements that both databases understand` {
    @Test(arguments: Backend.available)
    func `broken rules of the schema are told apart`(backend: Backend) async throws {
        let schema = Migration("test-010-rules") {
            "CREATE TABLE parent (id BIGINT PRIMARY KEY, code \(.key) UNIQUE)"
            """
            CREATE TABLE child (
                id BIGINT PRIMARY KEY, parent_id BIGINT NOT NULL REFERENCES parent (id), size BIGINT CHECK (size > 0))
            """
        }
        try await backend.withDatabase(migrations: [schema]) { database in
            try await database.write { try $0.run("INSERT INTO parent (id, code) VALUES (\(1), \("secret"))") }
            let refused: [(Fault.Code, SQL)] = [
                (.storageUnique, "INSERT INTO parent (id, code) VALUES (\(1), \("other"))"),
                (.storageUnique, "INSERT INTO parent (id, code) VALUES (\(2), \("secret"))"),
                (.storageConstraint, "INSERT INTO child (id, parent_id, size) VALUES (\(1), \(77), \(1))"),
                (.storageConstraint, "INSERT INTO child (id, parent_id, size) VALUES (\(1), \(Int?.none), \(1))"),
                (.storageConstraint, "INSERT INTO child (id, parent_id, size) VALUES (\(1), \(1), \(0))"),
                (.storageDefect, "INSERT INTO child (id, nonsense) VALUES (\(1), \("secret"))"),
                (.storageDefect, "SELEKT \("secret")"),
            ]
            for (code, statement) in refused {
                let fault = await expectFault(code) { try await database.write { try $0.run(statement) } }
                #expect(fault?.message.contains("secret") == false, "values stay out of messages")
            }
            let left = try await database.number("SELECT COUNT(*) FROM parent")
            #expect(left == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `an upsert returns what is stored now`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            let values = try await database.write { connection in
                try (1...3).flatMap { step in
                    try connection.values(
                        """
                        INSERT INTO counter (name, value) VALUES (\("a"), \(step))
                        ON CONFLICT (name) DO UPDATE SET value = counter.value * 10 + excluded.value RETURNING value
                        """, as: Int.self)
                }
            }
            #expect(values == [1, 12, 123])
        }
    }

    @Test(arguments: Backend.available)
    func `common table expressions and window functions`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            try await database.write { connection in
                try connection.run(forEach: Array(1...5)) { "INSERT INTO counter (name, value) VALUES (\("n\($0)"), \($0))" }
            }
            let rows = try await database.read { connection in
                try connection.rows(
                    """
                    WITH big AS (SELECT name, value FROM counter WHERE value > \(2))
                    SELECT name, SUM(value) OVER (ORDER BY name), ROW_NUMBER() OVER (ORDER BY value DESC) FROM big ORDER BY name
                    """
                ) { row in [try row[1] as Int, try row[2] as Int] }
            }
            #expect(rows == [[3, 3], [7, 2], [12, 1]])
        }
    }

    @Test(arguments: Backend.available)
    func `keys are ordered by their bytes`(backend: Backend) async throws {
        let keys = [
            "a", "B", "A", "b", "ä", "Z", "z", "_", "-", "10", "9", "é", "e", "ß", "日", "aa", "a b", "a-b",
            "🔩", "",
        ]
        try await backend.withDatabase(migrations: [.counters]) { database in
            try await database.write { connection in
                try connection.run(forEach: keys) { "INSERT INTO counter (name, value) VALUES (\($0), \(0))" }
            }
            let found: [String] = try await database.read { try $0.values("SELECT name FROM counter ORDER BY name") }
            #expect(found == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            let above: [String] = try await database.read {
                try $0.values("SELECT name FROM counter WHERE name > \("a") ORDER BY name LIMIT \(3)")
            }
            #expect(above == ["a b", "a-b", "aa"])
        }
    }

    @Test(arguments: Backend.available)
    func `a bound value may stand where its type is not plain`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.samples]) { database in
            try await database.write { try $0.run("INSERT INTO sample (id, small, whole) VALUES (\(1), \(3), \(Int64.max))") }
            for filter in [Int?.none, 3, nil, 4] {
                let count = try await database.number(
                    "SELECT COUNT(*) FROM sample WHERE \(filter) IS NULL OR small = \(filter)")
                #expect(count == (filter == 4 ? 0 : 1))
            }
            let large = try await database.number("SELECT COALESCE(\(Int?.none), \(Int.max - 1)) + \(1)")
            #expect(large == .max)
            let choice = try await database.number("SELECT CASE WHEN \("a") = \("a") THEN \(1) ELSE \(2) END")
            #expect(choice == 1)
            let text: String? = try await database.read { try $0.value("SELECT \("a") || \("b") || \(String?.some("c"))") }
            #expect(text == "abc")
        }
    }

    @Test(arguments: Backend.available)
    func `the database's clock tells microseconds`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let now = try await database.number("SELECT \(.now)") ?? 0
            #expect((1_700_000_000_000_000..<5_000_000_000_000_000).contains(now))
        }
    }

    @Test(arguments: Backend.available)
    func `a thousand different statements do not exhaust the cache`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            for round in 0..<2 {
                for block in 0..<10 {
                    let sums = try await database.read { connection in
                        try (1...100).map { number in
                            let column = "c\(block)_\(number)"
                            return try connection.value(
                                "SELECT \(block) * 100 + \(number) AS \(identifier: column)", as: Int.self)
                        }
                    }
                    #expect(sums == (1...100).map { block * 100 + $0 }, "round \(round)")
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a statement may run inside the rows of another, and of itself`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: [.counters]) { database in
            try await database.write { connection in
                try connection.run(forEach: Array(1...3)) { "INSERT INTO counter (name, value) VALUES (\("n\($0)"), \($0))" }
            }
            let nested = try await database.read { connection in
                try connection.rows("SELECT value FROM counter WHERE value >= \(1) ORDER BY value") { outer in
                    let least: Int = try outer[0]
                    return try connection.values("SELECT value FROM counter WHERE value >= \(least) ORDER BY value", as: Int.self)
                }
            }
            #expect(nested == [[1, 2, 3], [2, 3], [3]])
        }
    }
}
