import GRDB
import GRDBSQLite
import Storage
import Vocabulary

extension Fault {
    /// What an SQLite result code means to us.
    ///
    /// SQLite's messages name tables and columns, never values.
    static func sqlite(_ code: Int32, _ message: String, statement: String? = nil) -> Fault {
        switch code {
        case SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (10 << 8):
            return .storageUnique(message)  // UNIQUE, PRIMARYKEY, ROWID
        default:
            break
        }
        switch code & 0xff {
        case SQLITE_CONSTRAINT:
            return .storageConstraint(message)
        case SQLITE_FULL:
            return .storageFull(message)
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PROTOCOL, SQLITE_INTERRUPT,
            SQLITE_PERM:
            return .storageUnavailable("\(message) (SQLite \(code))")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return .storageSchema("The database file is damaged or not a database: \(message) (SQLite \(code))")
        case SQLITE_READONLY:
            return .storageDefect("Writing is not allowed here: \(message)\(inStatement(statement))")
        default:
            return .storageDefect("\(message) (SQLite \(code))\(inStatement(statement))")
        }
    }

    private static func inStatement(_ text: String?) -> String {
        text.map { ", in: \($0)" } ?? ""
    }

    /// A fault from whatever GRDB throws.
    static func driver(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        if error.resultCode == .SQLITE_MISUSE { return Fault.storageUnavailable("it is closed.") }
        return sqlite(
            error.extendedResultCode.rawValue, error.message ?? "no message", statement: error.sql)
    }
}
