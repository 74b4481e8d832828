import CLibPQ
import Storage
import Vocabulary

/// One transaction on one connection of PostgreSQL's.
final class PostgresConnection: Connection {
    let dialect = Dialect.postgres
    let link: PostgresLink
    private var isInBatch = false
    private var isOver = false
    /// What broke the transaction; nothing may run after it, and it cannot be committed.
    private(set) var failure: PostgresFailure?

    init(_ link: PostgresLink) {
        self.link = link
    }

    /// Called when the closure that received the connection has returned.
    func end() {
        isOver = true
    }

    func rows<Value>(_ sql: SQL, _ decode: (Row) throws -> Value) throws -> [Value] {
        try execute(sql).rows(decode)
    }

    @discardableResult
    func run(_ sql: SQL) throws -> Int {
        try execute(sql).changes
    }

    @discardableResult
    func run<Element>(forEach elements: [Element], _ statement: (Element) throws -> SQL) throws -> [Int] {
        try batch(elements, statement) { result in result.changes }
    }

    func rows<Element, Value>(
        forEach elements: [Element], _ statement: (Element) throws -> SQL, _ decode: (Row) throws -> Value
    ) throws -> [[Value]] {
        try batch(elements, statement) { result in try result.rows(decode) }
    }

    @discardableResult
    func load(into table: String, columns: [String], fill: (inout [SQLValue]) throws -> Bool) throws -> Int {
        try requireLoadable(into: table, columns: columns)
        try requireUsable("COPY \(table)")
        return try asBatch { try copy(into: table, columns: columns, over: link, fill: fill) }
    }

    private func execute(_ sql: SQL) throws -> PostgresResult {
        let (text, values) = sql.rendered(for: .postgres)
        try requireUsable(text)
        for (index, value) in values.enumerated() { try value.requireStorable("parameter \(index + 1)") }
        return try noting { () throws(PostgresFailure) in
            guard isWorthPreparing(text) else {
                let result = ParameterList(values).withPointers { count, values, lengths, formats in
                    PQexecParams(link.handle, text, count, nil, values, lengths, formats, 0)
                }
                return try link.checked(PostgresResult(result), text)
            }
            let prepared = try link.prepared(text, for: values)
            let result = ParameterList(values).withPointers { count, values, lengths, formats in
                PQexecPrepared(link.handle, prepared.name, count, values, lengths, formats, 0)
            }
            return try link.checked(PostgresResult(result), text)
        }
    }

    private func batch<Element, Output>(
        _ elements: [Element], _ statement: (Element) throws -> SQL, _ take: (PostgresResult) throws -> Output
    ) throws -> [Output] {
        guard let first = elements.first else { return [] }
        let (text, firstValues) = try statement(first).rendered(for: .postgres)
        try requireUsable(text)
        return try asBatch {
            var pipeline = Pipeline<Output>(text, over: link)
            do {
                for (index, element) in elements.enumerated() {
                    let values = index == 0 ? firstValues : try statement(element).values(for: .postgres)
                    for (position, value) in values.enumerated() {
                        try value.requireStorable("element \(index + 1), parameter \(position + 1)")
                    }
                    try pipeline.send(values, take)
                }
                return try pipeline.finish(take)
            } catch {
                pipeline.breakOff()
                throw error
            }
        }
    }

    private func requireUsable(_ text: String) throws {
        if isOver { throw Fault.storageDefect("A connection was used after its transaction had ended.") }
        if isInBatch { throw Fault.storageDefect("A statement was run inside a batch: \(text)") }
        if let failure { throw failure.fault }
    }

    /// A batch that broke off has done a part of its work: the transaction cannot be kept.
    private func asBatch<Output>(_ work: () throws -> Output) throws -> Output {
        isInBatch = true
        defer { isInBatch = false }
        do {
            return try work()
        } catch let error as PostgresFailure {
            failure = failure ?? error
            throw error.fault
        } catch {
            failure = failure ?? PostgresFailure(brokenOff: error)
            throw error
        }
    }

    private func noting<Output>(_ step: () throws(PostgresFailure) -> Output) throws -> Output {
        do {
            return try step()
        } catch {
            failure = failure ?? error
            throw error.fault
        }
    }
}

/// What changes the schema runs once: to prepare it would only fill the cache.
private func isWorthPreparing(_ text: String) -> Bool {
    let word = text.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.uppercased()
    return ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"].contains(word)
}
