import Foundation
import GRDB
import Storage
import Vocabulary

extension SQLiteDatabase {
    /// Writes a copy of the database as it is now into a new file, while others go on reading and writing.
    ///
    /// - Throws: `storage.unavailable` when the file cannot be written; `storage.full`.
    package func copy(to path: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            connections.asyncRead { source in
                continuation.resume(
                    with: Result {
                        let copy = try DatabaseQueue(path: path)
                        defer { try? copy.close() }
                        let live = try source.get()
                        try copy.writeWithoutTransaction { copy in
                            try live.backup(to: copy)
                            // A file of its own, without a log beside it.
                            try copy.execute(sql: "PRAGMA journal_mode = DELETE")
                        }
                    }.mapError(Fault.driver))
            }
        }
    }

    /// Puts a copy in the place of a database that no process has open; what was there is kept beside it.
    ///
    /// - Parameter aside: where the present file goes, with its log.
    /// - Throws: `storage.locked` while a process has the database open; `storage.schema` when the copy is damaged or is
    ///   none of ours.
    package static func restore(path: String, from copy: String, keeping aside: String) throws {
        let lock = try FileLock(for: path)
        defer { lock.release() }
        do {
            try examine(copy)
            let files = FileManager.default
            for ending in ["", "-wal", "-shm"] where files.fileExists(atPath: path + ending) {
                try files.moveItem(atPath: path + ending, toPath: aside + ending)
            }
            try files.copyItem(atPath: copy, toPath: path)
        } catch let fault as Fault {
            throw fault
        } catch let error as DatabaseError {
            throw Fault.driver(error)
        } catch {
            throw Fault.storageUnavailable("\(copy) cannot be put in the place of \(path): \(error.localizedDescription)")
        }
    }

    private static func examine(_ copy: String) throws {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: copy, configuration: configuration)
        defer { try? queue.close() }
        try queue.read { database in
            let verdict = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
            guard verdict == "ok" else { throw Fault.storageSchema("\(copy) is damaged: \(verdict ?? "it cannot be read").") }
            guard try database.tableExists("schema_migration") else {
                throw Fault.storageSchema("\(copy) is no database of Plimsoll's.")
            }
        }
    }
}
