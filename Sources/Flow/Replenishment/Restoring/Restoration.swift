import CanonicalModel
import EventLog
import Storage
import Vocabulary

/// A database that was put back to an earlier moment is older than the systems it acts on.
///
/// What was approved and sent after that moment is there under our reference, and the database knows nothing of it. So from
/// then on everything that is not final, and every recommendation made before the restore, is looked for before it is sent.
package struct Restoration: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    private struct Marked: Encodable {
        let rows: Int
    }

    /// Marks what has to be looked for; run once after each restore, before anything is sent.
    ///
    /// - Returns: how many recommendations that is.
    @discardableResult
    package func begin(by actor: String) async throws -> Int {
        try await services.write { ledger in
            let final = ReplenishmentState.allCases.filter(\.isFinal)
            let rows = try ledger.connection.run(
                "UPDATE replenishment SET look_first = 1 WHERE state NOT IN (\(list: final))")
            let number: Int64? = try ledger.connection.value(
                """
                INSERT INTO restoration (number, at, actor)
                SELECT COALESCE(MAX(number), 0) + 1, \(ledger.now), \(actor) FROM restoration RETURNING number
                """)
            let subject = "restoration-\(number ?? 0)"
            let told = Marked(rows: rows)
            try services.events.append(
                [NewEvent(type: "plimsoll.database.restored", subject: subject, data: told, source: "/replenishment")],
                on: ledger.connection, at: ledger.now)
            try services.audit.append(
                [AuditEntry(kind: "database.restored", subject: subject, actor: actor, body: told)], on: ledger.connection,
                at: ledger.now)
            return rows
        }
    }

    /// When a database was last put back here, if ever.
    static func latest(on connection: any Connection) throws -> Instant? {
        try connection.value("SELECT MAX(at) FROM restoration", as: Instant?.self) ?? nil
    }
}
