import CLibPQ
import Foundation
import Storage
import Threads
import Vocabulary

/// One connection to the server with the thread that serves it; it connects when it is first needed, and
/// again when the connection broke.
actor PostgresSession {
    enum Access: String {
        case read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case write = "BEGIN ISOLATION LEVEL READ COMMITTED"
    }

    private let thread: BlockingThread
    private let conninfo: String
    private let database: String?
    private var link: PostgresLink?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(conninfo: String, database: String?) {
        thread = BlockingThread()
        self.conninfo = conninfo
        self.database = database
    }

    isolated deinit {
        link = nil
        thread.stop()
    }

    func connect() throws {
        do { _ = try openLink() } catch { throw error.fault }
    }

    func close() {
        link = nil
    }

    /// Runs statements outside any transaction.
    func administer(_ statement: String) throws {
        do { try openLink().execute(statement) } catch { throw error.fault }
    }

    func transact<Value>(_ access: Access, _ work: (any Connection) throws -> Value) throws -> Value {
        var attempt: UInt32 = 1
        while true {
            switch try once(access, work) {
            case .done(let value): return value
            case .undone(let failure):
                if failure.spoilsPreparedStatements { try forgetStatements() }
                guard attempt < 10 else { throw failure.fault }
                usleep(1_000 * attempt * attempt)
                attempt += 1
            }
        }
    }

    private enum Ending<Value> {
        case done(Value)
        /// The server undid it; to run it again is right.
        case undone(PostgresFailure)
    }

    private func once<Value>(_ access: Access, _ work: (any Connection) throws -> Value) throws -> Ending<Value> {
        let link = try begin(access)
        let connection = PostgresConnection(link)
        let value: Value
        do {
            defer { connection.end() }
            value = try work(connection)
            if let failure = connection.failure { throw failure.fault }
        } catch {
            rollBack(link)
            if let failure = connection.failure, failure.isTransient { return .undone(failure) }
            throw error
        }
        return try commit(link, access, value)
    }

    /// Begins on a connection that answers: what was lost while it lay idle has cost nobody anything.
    private func begin(_ access: Access) throws -> PostgresLink {
        do {
            for _ in 0..<3 {
                let link = try openLink()
                do throws(PostgresFailure) {
                    try link.forgetDroppedStatements()
                    try link.execute(access.rawValue)
                    return link
                } catch {
                    self.link = nil
                    if !error.isLost { throw error }
                }
            }
            throw PostgresFailure(lost: "every new connection breaks at once.")
        } catch let failure as PostgresFailure {
            throw failure.fault
        }
    }

    private func commit<Value>(_ link: PostgresLink, _ access: Access, _ value: Value) throws -> Ending<Value> {
        if access == .write, link.hasHungUp() {
            self.link = nil
            throw Fault.storageUnavailable("the connection broke before COMMIT was sent: \(link.connectionMessage)")
        }
        let answer: PostgresResult
        do {
            answer = try link.execute("COMMIT")
        } catch {
            if error.isLost { self.link = nil } else { rollBack(link) }
            if access == .read { return .done(value) }
            if error.isLost || error.sqlState == "40003" { throw Fault.storageCommitUnknown(error.fault.message) }
            if error.isTransient { return .undone(error) }
            throw error.fault
        }
        // The answer to COMMIT in a transaction that is broken is ROLLBACK, and no error.
        guard answer.tag == "COMMIT" else { throw Fault.storageDefect("The server answered COMMIT with \(answer.tag).") }
        return .done(value)
    }

    private func rollBack(_ link: PostgresLink) {
        do {
            if link.isLost { throw PostgresFailure(lost: link.connectionMessage) }
            try link.execute("ROLLBACK")
        } catch {
            self.link = nil
        }
    }

    private func forgetStatements() throws {
        do {
            try link?.execute("DEALLOCATE ALL")
            link?.statements.forgetAll()
        } catch {
            link = nil
        }
    }

    /// The open connection, or a new one: tried for about five seconds, long enough for a server to restart.
    private func openLink() throws(PostgresFailure) -> PostgresLink {
        if let link, !link.isLost { return link }
        link = nil
        var attempt = 0
        while true {
            do throws(PostgresFailure) {
                let opened = try PostgresLink(conninfo, database: database)
                link = opened
                return opened
            } catch {
                guard attempt < 9 else { throw error }
                usleep(min(50_000 << UInt32(attempt), 800_000))
                attempt += 1
            }
        }
    }
}
