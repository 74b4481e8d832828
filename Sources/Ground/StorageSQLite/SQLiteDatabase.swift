import GRDB
import GRDBSQLite
import Storage
import Vocabulary

/// The embedded database: one file, one process, one writer.
///
/// GRDB is the driver and nothing more; no type of GRDB's leaves this folder. A transaction runs to its
/// end even when the task that asked for it is cancelled meanwhile.
package struct SQLiteDatabase: Storage.Database {
    package let dialect: Dialect
    let connections: any DatabaseWriter
    private let lock: FileLock?
    private let syncs = SyncWatch()
    package var failure: Fault? { syncs.failure }
    private var isInMemory: Bool { lock == nil }
    private var isSimulated: Bool { !dialect.isExclusive }

    /// Opens the file, and makes it if there is none.
    ///
    /// - Throws: `storage.locked` when another process has it open, `storage.unavailable` when it cannot be opened,
    ///   `storage.schema` when it is no database.
    package static func open(path: String) async throws -> SQLiteDatabase {
        let lock = try FileLock(for: path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration())
            let database = SQLiteDatabase(dialect: .sqlite, connections: pool, lock: lock)
            try await database.syncFully()
            return database
        } catch {
            lock.release()
            throw Fault.driver(error)
        }
    }

    /// A database that is gone when it is closed.
    package static func inMemory() throws -> SQLiteDatabase {
        SQLiteDatabase(dialect: .sqlite, connections: try DatabaseQueue(configuration: configuration()), lock: nil)
    }

    /// The same, shared by several simulated processes, with `clock` for its own clock.
    ///
    /// A transaction runs in the thread that asks for it, so that only the simulation decides what comes next.
    ///
    /// - Parameter template: a database in memory with whose content it begins.
    package static func inMemory(
        from template: SQLiteDatabase? = nil, clock: @escaping @Sendable () -> Instant
    ) throws -> SQLiteDatabase {
        let function = DatabaseFunction("told_time", argumentCount: 0) { _ in clock().microseconds }
        var configuration = configuration()
        configuration.prepareDatabase { database in database.add(function: function) }
        let connections = try DatabaseQueue(configuration: configuration)
        try template?.connections.backup(to: connections)
        return SQLiteDatabase(dialect: .sqlite(now: "told_time()", isExclusive: false), connections: connections, lock: nil)
    }

    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        if isSimulated { return try atOnce { database in try readOnWriter(work, on: database, dialect) } }
        let work = traced(work)
        return try await withCheckedThrowingContinuation { continuation in
            if isInMemory {
                connections.asyncWriteWithoutTransaction { database in
                    continuation.resume(with: Result { try readOnWriter(work, on: database, dialect) }.mapError(Fault.driver))
                }
            } else {
                connections.asyncRead { access in
                    continuation.resume(with: Result { try readSnapshot(work, on: access.get(), dialect) }.mapError(Fault.driver))
                }
            }
        }
    }

    @discardableResult
    package func write<Value: Sendable>(
        _ work: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        if isSimulated { return try atOnce { database in try transact(work, on: database, dialect, syncs) } }
        let work = traced(work)
        return try await withCheckedThrowingContinuation { continuation in
            connections.asyncWriteWithoutTransaction { database in
                continuation.resume(with: Result { try transact(work, on: database, dialect, syncs) }.mapError(Fault.driver))
            }
        }
    }

    private func atOnce<Value>(_ work: (GRDB.Database) throws -> Value) throws -> Value {
        do {
            return try connections.writeWithoutTransaction(work)
        } catch {
            throw Fault.driver(error)
        }
    }

    /// Waits for the transactions under way, writes the log back into the file and releases the lock.
    ///
    /// After a failed sync the log stays as it is, and the kernel closes the files.
    package func close() async {
        guard failure == nil else {
            lock?.release()
            return
        }
        await withCheckedContinuation { continuation in
            connections.asyncWriteWithoutTransaction { database in
                // Readers that are still at work make this partial; the next opening does the rest.
                if !isInMemory { _ = try? database.checkpoint(.truncate) }
                continuation.resume()
            }
        }
        try? connections.close()
        lock?.release()
    }

    /// Makes every commit wait for the disk.
    ///
    /// GRDB sets NORMAL while it opens a pool, after its own hook for settings has run, so this comes later; and
    /// durability that silently is not there is the worst of faults, so it is read back.
    private func syncFully() async throws {
        let level = try await connections.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            syncs.takeOverCheckpoints(of: database)
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard level == 2 else {
            throw Fault.storageDefect("SQLite did not take synchronous = FULL, but \(level ?? -1).")
        }
    }
}

private func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.label = "plimsoll"
    return configuration
}

/// The caller's trace is a value of its task, and GRDB runs `work` on a queue of its own.
private func traced<Value>(
    _ work: @escaping @Sendable (any Connection) throws -> Value
) -> @Sendable (any Connection) throws -> Value {
    guard let trace = Trace.current else { return work }
    return { connection in try Trace.$current.withValue(trace) { try work(connection) } }
}

/// Runs `work` in the transaction that has begun.
private func readSnapshot<Value>(
    _ work: (any Connection) throws -> Value, on database: GRDB.Database, _ dialect: Dialect
) throws -> Value {
    trimStatements(of: database)
    let connection = SQLiteConnection(database, dialect: dialect, isReader: true)
    defer { connection.end() }
    let value = try work(connection)
    if let failure = connection.failure { throw failure }
    return value
}

/// In memory one connection does everything.
///
/// GRDB's own reading there would stop the process when the database is closed, and has every statement compiled again: it
/// forbids writing by a pragma.
private func readOnWriter<Value>(
    _ work: (any Connection) throws -> Value, on database: GRDB.Database, _ dialect: Dialect
) throws -> Value {
    guard database.sqliteConnection != nil else { throw Fault.storageUnavailable("it is closed.") }
    try database.beginTransaction(.deferred)
    defer { try? database.rollback() }
    return try readSnapshot(work, on: database, dialect)
}

private func transact<Value>(
    _ work: (any Connection) throws -> Value, on database: GRDB.Database, _ dialect: Dialect, _ syncs: SyncWatch
) throws -> Value {
    if let failure = syncs.failure { throw failure }
    trimStatements(of: database)
    try database.beginTransaction(.immediate)
    let connection = SQLiteConnection(database, dialect: dialect, isReader: false)
    let value: Value
    do {
        defer { connection.end() }
        value = try work(connection)
        if let failure = connection.failure { throw failure }
    } catch {
        if database.isInsideTransaction { try? database.rollback() }
        throw error
    }
    do {
        try database.commit()
    } catch {
        if database.isInsideTransaction { try? database.rollback() }
        if let failure = error as? DatabaseError, failure.resultCode == .SQLITE_IOERR {
            syncs.note(failure.extendedResultCode.rawValue, doing: "in a commit")
            // The log may hold the whole transaction, and the next opening would then apply it.
            throw Fault.storageCommitUnknown("\(failure.message ?? "") (SQLite \(failure.extendedResultCode.rawValue))")
        }
        throw error
    }
    return value
}

/// Keeps the compiled statements of a connection to some hundreds: statements with lists of many lengths
/// would otherwise collect without end.
private func trimStatements(of database: GRDB.Database) {
    guard let connection = database.sqliteConnection else { return }  // It is closed; what comes next says so.
    var count = 0
    var statement = sqlite3_next_stmt(connection, nil)
    while let current = statement {
        count += 1
        statement = sqlite3_next_stmt(connection, current)
    }
    if count > 512 { database.clearSchemaCache() }
}
