import Vocabulary

/// Where durable state lives: one file for a pilot, a PostgreSQL for a network.
///
/// The closures are synchronous. A transaction therefore cannot wait for an ERP, a timer or
/// another task while it holds a lock: the compiler refuses the `await`.
package protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Why nothing is written any more; nil while it is. It can still be read.
    var failure: Fault? { get }

    /// Runs `work` on one consistent snapshot; writing in it is a fault.
    func read<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// Runs `work` in one transaction that is durable when this returns, and undone when `work` throws.
    ///
    /// A transaction that the database itself undid (serialization failure, deadlock) is run again,
    /// so `work` must have no effect but on its connection.
    ///
    /// - Throws: what `work` throws; `storage.unavailable`, `storage.full`; `storage.commitUnknown` when the
    ///   connection broke after COMMIT was sent: the caller reads back by its own key.
    @discardableResult
    func write<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// Writes a copy of the whole database as it is now into a new file, while others go on working.
    ///
    /// - Throws: `storage.notCopied` where the database has better means of its own.
    func copy(to path: String) async throws

    /// Waits for transactions under way and lets go of files and connections.
    func close() async
}

extension Database {
    package var failure: Fault? { nil }

    package func copy(to path: String) async throws {
        throw Fault(.storageNotCopied, .reject, "This database is backed up by its own tools: see docs/operating/backup.md.")
    }
}

/// One open transaction; valid only inside the closure that received it.
package protocol Connection {
    var dialect: Dialect { get }

    /// Every row of the answer, decoded as it is read.
    func rows<Value>(_ sql: SQL, _ decode: (Row) throws -> Value) throws -> [Value]

    /// - Returns: how many rows were inserted, updated or deleted.
    @discardableResult
    func run(_ sql: SQL) throws -> Int

    /// One statement over many elements: a prepared loop on SQLite, one pipeline on PostgreSQL.
    ///
    /// - Parameter statement: must give the same text for every element; only the values may differ.
    /// - Returns: the changed rows of each element, in order.
    @discardableResult
    func run<Element>(forEach elements: [Element], _ statement: (Element) throws -> SQL) throws -> [Int]

    /// The same for statements that answer rows (`RETURNING`): the answer of each element, in order.
    func rows<Element, Value>(
        forEach elements: [Element], _ statement: (Element) throws -> SQL, _ decode: (Row) throws -> Value
    ) throws -> [[Value]]

    /// Inserts many rows the fastest way there is: COPY on PostgreSQL, a prepared loop on SQLite.
    ///
    /// - Parameters:
    ///   - table: a plain identifier.
    ///   - fill: overwrites the values, one for each of `columns`, with those of the next row; false ends the load.
    ///     What it leaves as it is has the value of the row before: a constant is set once.
    /// - Returns: how many rows were inserted.
    @discardableResult
    func load(into table: String, columns: [String], fill: (inout [SQLValue]) throws -> Bool) throws -> Int
}

extension Connection {
    /// The same with an array for each row, where there are not millions of them; nil ends the load.
    @discardableResult
    package func load(into table: String, columns: [String], next: () throws -> [SQLValue]?) throws -> Int {
        try load(into: table, columns: columns) { values in
            guard let row = try next() else { return false }
            values = row
            return true
        }
    }

    /// The first row of the answer, if there is one.
    package func first<Value>(_ sql: SQL, _ decode: (Row) throws -> Value) throws -> Value? {
        try rows(sql, decode).first
    }

    /// The first column of every row.
    package func values<Value: SQLRepresentable>(_ sql: SQL, as type: Value.Type = Value.self) throws -> [Value] {
        try rows(sql) { row in try row[0] }
    }

    /// The first column of the first row.
    package func value<Value: SQLRepresentable>(_ sql: SQL, as type: Value.Type = Value.self) throws -> Value? {
        try values(sql, as: type).first
    }
}
