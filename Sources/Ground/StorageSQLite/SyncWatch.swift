import GRDB
import GRDBSQLite
import Storage
import Synchronization
import Vocabulary

/// Whether the disk has failed to keep what was written to it.
///
/// When a sync fails, the kernel may drop what it could not write and call the next sync of the same file a success. So it is
/// never tried again: from the first failure on nothing is written through these handles any more. A process that starts
/// anew reads what the disk really has.
final class SyncWatch: Sendable {
    private let seen = Mutex<Fault?>(nil)

    /// Why nothing is written any more; nil while it is.
    var failure: Fault? { seen.withLock { $0 } }

    /// Takes down that a sync failed, if that is what the code says.
    func note(_ code: Int32, doing: String) {
        guard code == SQLITE_IOERR | (4 << 8) || code == SQLITE_IOERR | (5 << 8) else { return }  // FSYNC, DIR_FSYNC
        seen.withLock { $0 = $0 ?? .storageSyncFailed("SQLite \(code), \(doing)") }
    }

    /// Writes the log back into the file now and then, as SQLite does by itself; but SQLite tells nobody when a sync fails on
    /// the way.
    ///
    /// SAFETY: the connection knows this object by its address only. It calls it in commits alone, and whoever commits holds it.
    func takeOverCheckpoints(of database: GRDB.Database) {
        sqlite3_wal_hook(database.sqliteConnection, checkpoint, Unmanaged.passUnretained(self).toOpaque())
    }
}

/// Pages in the log from which on a commit writes it back: SQLite's own number.
private let pagesToWriteBack: Int32 = 1000

private let checkpoint:
    @Sendable @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = {
        context, connection, name, pages in
        guard let context, pages >= pagesToWriteBack else { return SQLITE_OK }
        let code = sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard code & 0xff == SQLITE_IOERR else { return SQLITE_OK }
        let watch = Unmanaged<SyncWatch>.fromOpaque(context).takeUnretainedValue()
        watch.note(sqlite3_extended_errcode(connection), doing: "while the log was written back")
        return SQLITE_OK
    }
