import Storage
import Vocabulary

/// A connection that breaks after some statements, or that an act of sabotage looks at.
final class WatchedConnection: Connection {
    var dialect: Dialect { base.dialect }
    private(set) var wroteAttempt = false
    private(set) var wroteReceipt = false
    private let base: any Connection
    private let rewrite: (@Sendable (SQL) -> SQL)?
    private var left: Int

    init(_ base: any Connection, breakingAfter statements: Int = .max, rewrite: (@Sendable (SQL) -> SQL)? = nil) {
        self.base = base
        self.rewrite = rewrite
        left = statements
    }

    func rows<Value>(_ sql: SQL, _ decode: (Row) throws -> Value) throws -> [Value] {
        try base.rows(try passing(sql), decode)
    }

    func run(_ sql: SQL) throws -> Int { try base.run(try passing(sql)) }

    func run<Element>(forEach elements: [Element], _ statement: (Element) throws -> SQL) throws -> [Int] {
        try base.run(forEach: elements) { element in try passing(try statement(element)) }
    }

    func rows<Element, Value>(
        forEach elements: [Element], _ statement: (Element) throws -> SQL, _ decode: (Row) throws -> Value
    ) throws -> [[Value]] {
        try base.rows(forEach: elements, { element in try passing(try statement(element)) }, decode)
    }

    func load(into table: String, columns: [String], fill: (inout [SQLValue]) throws -> Bool) throws -> Int {
        if table == "attempt" { wroteAttempt = true }
        if table == "replenishment" { wroteReceipt = true }
        return try base.load(into: table, columns: columns, fill: fill)
    }

    private func passing(_ sql: SQL) throws -> SQL {
        left -= 1
        if left < 0 { throw Fault.storageUnavailable("The connection broke.") }
        if left < Int.max / 2 { return sql }
        let text = sql.rendered(for: dialect).text
        if text.contains("INSERT INTO attempt") { wroteAttempt = true }
        if text.contains("INSERT INTO replenishment ") { wroteReceipt = true }
        return rewrite?(sql) ?? sql
    }
}
