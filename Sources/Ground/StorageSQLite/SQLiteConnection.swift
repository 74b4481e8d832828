import GRDB
import Storage
import Vocabulary

/// One transaction on one connection of SQLite's.
///
/// A statement that failed ends the transaction for good, as it does on PostgreSQL: code that was
/// tried on one database behaves the same on the other.
final class SQLiteConnection: Storage.Connection {
    let dialect: Dialect
    private let database: GRDB.Database
    private let isReader: Bool
    private var isInBatch = false
    private var isOver = false
    /// What broke the transaction; nothing may run after it, and it cannot be committed.
    private(set) var failure: Fault?

    /// - Parameter isReader: whether a statement that writes is a fault.
    init(_ database: GRDB.Database, dialect: Dialect, isReader: Bool) {
        self.database = database
        self.dialect = dialect
        self.isReader = isReader
    }

    /// Called when the closure that received the connection has returned.
    func end() {
        isOver = true
    }

    func rows<Value>(_ sql: Storage.SQL, _ decode: (Storage.Row) throws -> Value) throws -> [Value] {
        let (text, values) = sql.rendered(for: dialect)
        let statement = try prepare(text)
        defer { statement.reset() }
        try bind(values, to: statement)
        return try read(statement, decode)
    }

    @discardableResult
    func run(_ sql: Storage.SQL) throws -> Int {
        let (text, values) = sql.rendered(for: dialect)
        let statement = try prepare(text)
        defer { statement.reset() }
        try bind(values, to: statement)
        return try noting { () throws(Fault) in try statement.runToEnd() }
    }

    @discardableResult
    func run<Element>(forEach elements: [Element], _ statement: (Element) throws -> Storage.SQL) throws -> [Int] {
        try batch(elements, statement) { statement in
            try noting { () throws(Fault) in try statement.runToEnd() }
        }
    }

    func rows<Element, Value>(
        forEach elements: [Element], _ statement: (Element) throws -> Storage.SQL,
        _ decode: (Storage.Row) throws -> Value
    ) throws -> [[Value]] {
        try batch(elements, statement) { statement in try read(statement, decode) }
    }

    @discardableResult
    func load(into table: String, columns: [String], fill: (inout [SQLValue]) throws -> Bool) throws -> Int {
        try requireLoadable(into: table, columns: columns)
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try prepare("INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))")
        return try asBatch {
            defer { statement.reset() }
            var row = [SQLValue](repeating: .null, count: columns.count)
            var count = 0
            while try fill(&row) {
                count += 1
                try requireWidth(row, of: columns, number: count)
                try statement.bind(row) { "row \(count), \(columns[$0])" }
                while try statement.step() {}
            }
            return count
        }
    }

    private func batch<Element, Output>(
        _ elements: [Element], _ statement: (Element) throws -> Storage.SQL,
        _ take: (PreparedStatement) throws -> Output
    ) throws -> [Output] {
        guard let first = elements.first else { return [] }
        let (text, firstValues) = try statement(first).rendered(for: dialect)
        let prepared = try prepare(text)
        return try asBatch {
            defer { prepared.reset() }
            var outputs: [Output] = []
            outputs.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                let values = index == 0 ? firstValues : try statement(element).values(for: .sqlite)
                try prepared.bind(values) { "element \(index + 1), parameter \($0 + 1)" }
                outputs.append(try take(prepared))
            }
            return outputs
        }
    }

    /// A batch that broke off has done a part of its work: the transaction cannot be kept.
    private func asBatch<Output>(_ work: () throws -> Output) throws -> Output {
        isInBatch = true
        defer { isInBatch = false }
        do {
            return try work()
        } catch {
            failure = failure ?? (error as? Fault) ?? .storageDefect("A batch broke off: \(error)")
            throw error
        }
    }

    private func prepare(_ text: String) throws -> PreparedStatement {
        if isOver { throw Fault.storageDefect("A connection was used after its transaction had ended.") }
        if isInBatch { throw Fault.storageDefect("A statement was run inside a batch: \(text)") }
        if let failure { throw failure }
        do {
            let statement = try PreparedStatement(text, on: database)
            if isReader, !statement.isReader { throw Fault.storageDefect("Writing is not allowed here, in: \(text)") }
            return statement
        } catch {
            let fault = Fault.driver(error)
            failure = fault as? Fault
            throw fault
        }
    }

    private func bind(_ values: [SQLValue], to statement: PreparedStatement) throws {
        try statement.bind(values) { "parameter \($0 + 1)" }
    }

    private func read<Value>(_ statement: PreparedStatement, _ decode: (Storage.Row) throws -> Value) throws -> [Value] {
        let row = Storage.Row(statement.columns)
        var values: [Value] = []
        while try noting({ () throws(Fault) in try statement.step() }) { values.append(try decode(row)) }
        return values
    }

    private func noting<Output>(_ step: () throws(Fault) -> Output) throws(Fault) -> Output {
        do {
            return try step()
        } catch {
            failure = failure ?? error
            throw error
        }
    }
}
