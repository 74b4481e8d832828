import CanonicalModel
import Governance
import Storage
import Vocabulary

/// Actions that could not be carried out: a state with a reason, not a second store.
package struct DeadLetters: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// - Parameters:
    ///   - scope: a condition on the column `location`: what the asker may see.
    ///   - after: the id of the last entry of the page before.
    package func list(
        scope: SQL = "1 = 1", after: ID<Recommendation>? = nil, limit: Int = 100
    ) async throws -> [ReplenishmentRow] {
        try await services.database.read { connection in
            try connection.rows(
                """
                SELECT \(ReplenishmentRow.columns) FROM \(ReplenishmentRow.tables)
                WHERE state = 'deadLetter' AND \(isWaiting) AND \(scope) AND id > \(after?.rawValue ?? "")
                ORDER BY id LIMIT \(limit)
                """
            ) { row in try ReplenishmentRow(row, recalling: services.recollection) }
        }
    }

    /// Puts one back into the flow, under the same reference: what its earlier attempts may have done is found, not repeated.
    ///
    /// - Throws: `replenishment.wrongState`, `input.notFound`.
    package func retry(_ id: ID<Recommendation>, by actor: String) async throws -> ReplenishmentState {
        try await services.write { ledger in
            let row = try ledger.row(id)
            guard row.state == .deadLetter else { throw Fault.wrongState(row, for: "retried") }
            // What was on the wire before is read back first; what never was is decided on today's facts.
            let state: ReplenishmentState = row.attempts > 0 ? .unknown : .received
            let change = Change(actor: actor, reason: "Retried by \(actor).", nextAt: ledger.now, failures: 0, isReplay: true)
            guard try ledger.move(row, to: state, change) else { throw Fault.wrongState(row, for: "retried") }
            try ledger.exceptions.close(subject: id.rawValue, by: actor, "Retried.")
            return state
        }
    }
}
