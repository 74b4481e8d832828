import Vocabulary

/// One row of an answer; valid only inside the closure that received it.
///
/// Columns are read by position, in the order in which the statement names them.
package struct Row {
    package let columns: any RowReader

    package init(_ columns: any RowReader) {
        self.columns = columns
    }

    /// - Throws: `storage.unexpectedNull` when the column is NULL and `Value` is not optional.
    package subscript<Value: SQLRepresentable>(index: Int) -> Value {
        get throws { try Value(columns, at: index) }
    }
}

/// How a driver hands over the columns of the current row.
package protocol RowReader {
    func isNull(at index: Int) -> Bool
    func integer(at index: Int) throws -> Int64
    func real(at index: Int) throws -> Double
    func text(at index: Int) throws -> String
}

/// A value that both databases store identically.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
}

/// A type of ours that is stored in one column.
package protocol SQLRepresentable {
    var sqlValue: SQLValue { get }
    init(_ columns: any RowReader, at index: Int) throws
}

extension SQLRepresentable {
    /// The guard that every column which may not be NULL begins with.
    static func refuseNull(_ columns: any RowReader, at index: Int) throws {
        if columns.isNull(at: index) { throw Fault.unexpectedNull(column: index) }
    }
}
