import Storage
import Vocabulary

/// Why the server, or the way to it, refused something.
struct PostgresFailure: Error {
    let sqlState: String
    /// The connection is gone.
    let isLost: Bool
    let fault: Fault
    /// Running the whole transaction again may well succeed, and the server has undone this one.
    let isTransient: Bool

    /// The connection broke.
    init(lost reason: String) {
        self.init(sqlState: "", isLost: true, fault: .storageUnavailable(reason), isTransient: false)
    }

    private init(sqlState: String, isLost: Bool, fault: Fault, isTransient: Bool) {
        self.sqlState = sqlState
        self.isLost = isLost
        self.fault = fault
        self.isTransient = isTransient
    }

    /// A batch or load that broke off half-way for a reason of ours.
    init(brokenOff error: any Error) {
        let fault = (error as? Fault) ?? .storageDefect("A batch broke off: \(error)")
        self.init(sqlState: "", isLost: false, fault: fault, isTransient: false)
    }

    /// What a result says; `place` tells which element of a batch it was.
    init(_ result: PostgresResult, statement: String, place: String? = nil, isLost: Bool) {
        let sqlState = result.field(.sqlState) ?? ""
        let primary = result.field(.message) ?? result.message
        // Data exceptions quote the value after a colon or in quotes; values stay out of messages.
        let message = sqlState.hasPrefix("22") ? String(primary.prefix { $0 != "\"" && $0 != ":" }) : primary
        let text = place.map { "\(message) (\($0))" } ?? message
        self.init(
            sqlState: sqlState, isLost: isLost,
            fault: isLost ? .storageUnavailable(text) : .postgres(sqlState, text, statement: statement),
            isTransient: !isLost && PostgresFailure.isTransient(sqlState, in: result))
    }

    private static func isTransient(_ sqlState: String, in result: PostgresResult) -> Bool {
        switch sqlState {
        case "40001", "40P01":  // serialization failure, deadlock
            true
        case "23505", "XX000", "42P07", "42710":
            // Two programs that create the same table at once meet in the catalogue; the second try finds it there.
            result.field(.schema) == "pg_catalog"
        case "0A000":
            // Another program changed the table under a prepared statement.
            result.field(.sourceFunction) == "RevalidateCachedQuery"
        case "26000":  // The prepared statement is gone, as after a pooler gave us another server.
            true
        default:
            false
        }
    }

    /// The statements that the connection has prepared cannot be relied upon any more.
    var spoilsPreparedStatements: Bool { sqlState == "0A000" || sqlState == "26000" }
}

extension Fault {
    /// What a SQLSTATE means to us (PostgreSQL documentation, appendix A).
    static func postgres(_ sqlState: String, _ message: String, statement: String) -> Fault {
        switch (sqlState, sqlState.prefix(2)) {
        case ("23505", _): .storageUnique(message)
        case (_, "23"), ("54000", _): .storageConstraint(message)
        case ("53100", _): .storageFull(message)
        case (_, "08"), (_, "53"), (_, "57"), (_, "58"), (_, "40"), ("55P03", _), ("25P03", _):
            .storageUnavailable("\(message) (SQLSTATE \(sqlState))")
        case ("25006", _): .storageDefect("Writing is not allowed here: \(message), in: \(statement)")
        default: .storageDefect("\(message) (SQLSTATE \(sqlState)), in: \(statement)")
        }
    }
}
