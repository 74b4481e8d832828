import GRDB
import GRDBSQLite
import Storage
import Vocabulary

/// A compiled statement on one connection, driven through SQLite's own interface: GRDB's arguments cost
/// as much as the insert itself.
struct PreparedStatement {
    let text: String
    private let owner: Statement
    private var handle: OpaquePointer { owner.sqliteStatement }
    private let connection: OpaquePointer?

    init(_ text: String, on database: GRDB.Database) throws {
        let cached = try database.cachedStatement(sql: text)
        // A statement whose rows are being read cannot start again: the inner use gets one of its own.
        owner = sqlite3_stmt_busy(cached.sqliteStatement) == 0 ? cached : try database.makeStatement(sql: text)
        connection = database.sqliteConnection
        self.text = text
    }

    /// Whether it leaves the database as it is.
    var isReader: Bool { sqlite3_stmt_readonly(handle) != 0 }

    func bind(_ values: [SQLValue], naming field: (Int) -> String) throws(Fault) {
        sqlite3_reset(handle)
        guard values.count == sqlite3_bind_parameter_count(handle) else {
            throw .storageDefect("\(values.count) values are given for another number of parameters, in: \(text)")
        }
        for (index, value) in values.enumerated() {
            try value.requireStorable(field(index))
            let code = bind(value, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(handle, position)
        case .integer(let integer): sqlite3_bind_int64(handle, position, integer)
        case .real(let real): sqlite3_bind_double(handle, position, real)
        case .text(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // No address would bind NULL, which empty text is not.
                    characters.isEmpty
                        ? sqlite3_bind_text(handle, position, "", 0, copied)
                        : sqlite3_bind_text(handle, position, characters.baseAddress, Int32(clamping: characters.count), copied)
                }
            }
        }
    }

    /// - Returns: whether there is a row to read.
    func step() throws(Fault) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(code)
        }
    }

    /// Steps to the end.
    ///
    /// - Returns: how many rows were inserted, updated or deleted.
    func runToEnd() throws(Fault) -> Int {
        let before = sqlite3_total_changes64(connection)
        while try step() {}
        return sqlite3_total_changes64(connection) == before ? 0 : Int(sqlite3_changes64(connection))
    }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    var columns: any RowReader { ColumnReader(handle: handle) }

    private func failure(_ code: Int32) -> Fault {
        let extended = sqlite3_extended_errcode(connection)
        return .sqlite(
            extended & 0xff == code & 0xff ? extended : code, String(cString: sqlite3_errmsg(connection)), statement: text)
    }
}

/// Tells SQLite to copy the bytes while it binds them.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// The columns of the row on which a statement stands.
private struct ColumnReader: RowReader {
    let handle: OpaquePointer

    func isNull(at index: Int) -> Bool {
        sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL
    }

    func integer(at index: Int) throws -> Int64 {
        switch sqlite3_column_type(handle, Int32(index)) {
        case SQLITE_INTEGER:
            return sqlite3_column_int64(handle, Int32(index))
        case SQLITE_FLOAT:
            if let exact = Int64(exactly: sqlite3_column_double(handle, Int32(index))) { return exact }
        default:
            if let integer = Int64(text(at: index)) { return integer }
        }
        throw Fault.unreadableColumn(index, text(at: index), "an integer")
    }

    func real(at index: Int) throws -> Double {
        switch sqlite3_column_type(handle, Int32(index)) {
        case SQLITE_INTEGER, SQLITE_FLOAT:
            return sqlite3_column_double(handle, Int32(index))
        default:
            guard let real = Double(text(at: index)) else {
                throw Fault.unreadableColumn(index, text(at: index), "a number")
            }
            return real
        }
    }

    func text(at index: Int) -> String {
        guard let bytes = sqlite3_column_text(handle, Int32(index)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(index)))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
