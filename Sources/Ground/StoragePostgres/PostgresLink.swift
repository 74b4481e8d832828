import CLibPQ
import Foundation
import Storage
import Vocabulary

/// One open connection of libpq's, used from one thread.
final class PostgresLink {
    let handle: OpaquePointer
    var statements = StatementCache()

    /// Connects and sets what every session of ours relies on.
    ///
    /// - Parameter database: overrides the database that `conninfo` names.
    init(_ conninfo: String, database: String? = nil) throws(PostgresFailure) {
        // What comes before the conninfo are defaults that it may override; what comes after overrides it.
        var parameters = [
            ("connect_timeout", "5"), ("keepalives_idle", "30"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
            ("fallback_application_name", "plimsoll"), ("dbname", conninfo), ("client_encoding", "UTF8"),
        ]
        if let database { parameters.append(("dbname", database)) }
        let keywords = parameters.map { strdup($0.0) }
        let values = parameters.map { strdup($0.1) }
        defer { for copy in keywords + values { free(copy) } }
        let connected = PQconnectdbParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
        guard let connected else { throw PostgresFailure(lost: "libpq has no memory for a connection.") }
        handle = connected
        guard PQstatus(handle) == CONNECTION_OK else {
            throw PostgresFailure(lost: connectionMessage)
        }
        // Notices, such as "relation already exists, skipping", would go to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        // A page found by an index costs about what any other does: a plan made while a table is small and kept while it
        // grows then looks rows up, instead of going through all of them.
        // Long texts are compressed by what costs least, where the server has it.
        try execute(
            """
            SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
            SET standard_conforming_strings = on; SET extra_float_digits = 1; SET TIME ZONE 'UTC'; \
            SELECT set_config(name, 'lz4', FALSE) FROM pg_settings \
            WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals); \
            SELECT set_config('random_page_cost', LEAST(1.1, CAST(current_setting('random_page_cost') AS FLOAT8))::TEXT, FALSE)
            """)
    }

    deinit { PQfinish(handle) }

    var isLost: Bool { PQstatus(handle) != CONNECTION_OK }

    var connectionMessage: String {
        String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs statements that have no values.
    @discardableResult
    func execute(_ text: String) throws(PostgresFailure) -> PostgresResult {
        try checked(PostgresResult(PQexec(handle, text)), text)
    }

    func checked(_ result: PostgresResult, _ text: String) throws(PostgresFailure) -> PostgresResult {
        guard result.isSuccess else { throw PostgresFailure(result, statement: text, isLost: isLost) }
        return result
    }

    /// Whether the server has hung up, as far as its last bytes tell.
    func hasHungUp() -> Bool {
        PQconsumeInput(handle) == 0 || PQconsumeInput(handle) == 0 || isLost
    }

    /// Waits until the socket can be read, or written if `orWritten`.
    ///
    /// - Returns: whether it can be read.
    func wait(orWritten: Bool = false) -> Bool {
        var socket = pollfd(fd: PQsocket(handle), events: Int16(POLLIN | (orWritten ? POLLOUT : 0)), revents: 0)
        while poll(&socket, 1, -1) < 0, errno == EINTR {}
        return Int32(socket.revents) & (POLLIN | POLLHUP | POLLERR) != 0
    }
}
