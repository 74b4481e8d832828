import Testing
import Vocabulary

@testable import Storage

@Suite struct `SQL text` {
    @Test func `values become parameters and never text`() {
        let statement: SQL = "SELECT \("x'; DROP TABLE y; --") , \(7)"
        #expect(statement.rendered(for: .postgres).text == "SELECT $1 , $2")
        #expect(statement.rendered(for: .sqlite).text == "SELECT ? , ?")
        #expect(statement.values(for: .postgres) == [.text("x'; DROP TABLE y; --"), .integer(7)])
        #expect(statement.rendered(for: .postgres).values == statement.values(for: .postgres))
    }

    @Test func `a list has one parameter for each value, and none is NULL`() {
        let three: SQL = "IN (\(list: [1, 2, 3]))"
        #expect(three.rendered(for: .postgres).text == "IN ($1, $2, $3)")
        let none: SQL = "IN (\(list: [Int]()))"
        #expect(none.rendered(for: .postgres).text == "IN (NULL)")
    }

    @Test func `a list of texts is one parameter, whatever is in it`() {
        let statement: SQL = "id \(anyOf: ["a\"b", "c\\d", "e\nf"])"
        let (postgres, sqlite) = (statement.rendered(for: .postgres), statement.rendered(for: .sqlite))
        #expect(postgres.text == "id IN (SELECT unnest(CAST($1 AS TEXT[])))")
        #expect(postgres.values == [.text(#"{"a\"b","c\\d","e"# + "\n" + #"f"}"#)])
        #expect(sqlite.text == "id IN (SELECT value FROM json_each(?))")
        #expect(sqlite.values == [.text(#"["a\"b","c\\d","e\u000af"]"#)])
    }

    @Test func `pieces keep their parameters in order`() {
        let conditions: [SQL] = ["a = \(1)", "b = \("two")"]
        let statement: SQL = "SELECT \(0) WHERE \(SQL.joined(conditions, separator: " AND "))"
        let (text, values) = (statement + " LIMIT \(9)").rendered(for: .postgres)
        #expect(text == "SELECT $1 WHERE a = $2 AND b = $3 LIMIT $4")
        #expect(values == [.integer(0), .integer(1), .text("two"), .integer(9)])
    }

    @Test(arguments: Dialect.Term.allCases)
    func `each dialect spells each term`(term: Dialect.Term) {
        let statement: SQL = "x \(term) y"
        let spellings = [Dialect.postgres, .sqlite].map { statement.rendered(for: $0).text }
        #expect(spellings.allSatisfy { $0.hasPrefix("x ") && $0.hasSuffix(" y") })
        #expect(spellings.contains { $0.utf8.count > "x  y".utf8.count })
        #expect(statement.values(for: .postgres).isEmpty)
    }

    @Test func `only plain names may stand without quotes`() {
        for name in ["item", "item_2", "_x"] { #expect(isPlainIdentifier(name)) }
        for name in ["", "Item", "item;", "a b", "a\"b", "ä", "a.b"] { #expect(!isPlainIdentifier(name), "\(name)") }
    }

    @Test func `what one of the databases would change is refused`() throws {
        #expect(throws: Fault.self) { try SQLValue.text("a\0b").requireStorable("note") }
        #expect(throws: Fault.self) { try SQLValue.real(.nan).requireStorable("share") }
        for value in [SQLValue.null, .integer(.min), .real(.infinity), .real(-0.0), .text("")] {
            try value.requireStorable("any")
        }
    }

    @Test func `a migration is its statements in order`() {
        let migration = Migration("test-001-two") {
            "CREATE TABLE a (id \(.key))"
            "CREATE TABLE b (id BIGINT)"
        }
        let texts = migration.statements.map { $0.rendered(for: .sqlite).text }
        #expect(texts == ["CREATE TABLE a (id TEXT)", "CREATE TABLE b (id BIGINT)"])
    }
}
