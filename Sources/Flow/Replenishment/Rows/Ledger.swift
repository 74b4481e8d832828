import CanonicalModel
import ConnectorKit
import EventLog
import Governance
import Storage
import Vocabulary

/// Writes what the flow does: rows change state here and nowhere else, each change with its audit entry and event.
struct Ledger {
    let connection: any Connection
    let now: Instant
    let services: FlowServices

    /// One flow transaction at a time; the order of its commits is the order of the audit chain.
    func enter() throws {
        _ = try connection.value("SELECT id FROM replenishment_gate WHERE id = 0 \(.forUpdate)", as: Int64.self)
    }

    func rows(_ condition: SQL) throws -> [ReplenishmentRow] {
        try connection.rows("SELECT \(ReplenishmentRow.columns) FROM replenishment \(condition)") { row in
            try ReplenishmentRow(row)
        }
    }

    /// - Throws: `input.notFound`.
    func row(_ id: ID<Recommendation>) throws -> ReplenishmentRow {
        guard let row = try rows("WHERE id = \(id)").first else { throw Fault.notFound("Recommendation \(id)") }
        return row
    }

    /// Moves one row to another state, if it still is where `row` saw it.
    ///
    /// - Returns: whether it moved; it does not when somebody else was faster.
    @discardableResult
    func move(_ row: ReplenishmentRow, to state: ReplenishmentState, _ change: Change = Change()) throws -> Bool {
        let document = change.document
        let changed = try connection.run(
            """
            UPDATE replenishment SET state = \(state), epoch = \(change.epoch), next_at = \(change.nextAt),
                attempts = attempts + \(change.isAttempt ? 1 : 0), failures = \(change.failures ?? row.failures),
                replays = replays + \(change.isReplay ? 1 : 0), fault = \(change.fault), reason = \(change.reason),
                document_kind = \(document?.kind), document_number = \(document?.number), document_id = \(document?.externalID),
                updated_at = \(now)
            WHERE id = \(row.id) AND state = \(row.state) AND attempts = \(row.attempts)
                AND COALESCE(epoch, -1) = \(row.epoch ?? -1)
            """)
        guard changed == 1 else { return false }
        try following(row) { try tell(row, state, change) }
        return true
    }

    /// Does `work` in the trace of whoever acts now or, when nobody does, of the request that brought the row.
    func following<Value>(_ row: ReplenishmentRow, _ work: () throws -> Value) rethrows -> Value {
        try Trace.$current.withValue(Trace.current ?? row.trace, operation: work)
    }

    private func tell(_ row: ReplenishmentRow, _ state: ReplenishmentState, _ change: Change) throws {
        try record(
            "recommendation.\(state.rawValue)", row.id, by: change.actor,
            Transition(
                from: row.state, to: state, reason: change.reason, fault: change.fault, document: change.document,
                decision: row.decision))
        if state.isFinal || state == .approved {
            try exceptions.close(subject: row.id.rawValue, by: change.actor, "It is \(state.rawValue).")
        } else if row.isOverdue {
            for kind in ["approvalOverdue", "approvalEscalated"] {
                try exceptions.close(subject: row.id.rawValue, kind: kind, by: change.actor, "It is \(state.rawValue).")
            }
        }
    }

    /// Writes the audit entry and the event of one occurrence: `recommendation.approved`.
    func record(_ occurrence: String, _ id: ID<Recommendation>, by actor: String, _ data: some Encodable & Sendable) throws {
        try services.audit.append(
            [AuditEntry(kind: occurrence, subject: id.rawValue, actor: actor, body: data)], on: connection, at: now)
        try services.events.append(
            [
                NewEvent(
                    type: "plimsoll.\(occurrence)", subject: id.rawValue, data: data, source: "/replenishment", key: id.rawValue)
            ],
            on: connection, at: now)
    }

    var exceptions: Exceptions { Exceptions(connection: connection, now: now, services: services) }
}

/// What changes on a row beside its state.
struct Change {
    var actor = "plimsoll"
    var reason: String?
    var fault: String?
    var nextAt: Instant?
    var epoch: Int64?
    var failures: Int?
    var isAttempt = false
    var isReplay = false
    var document: ExternalDocument?
}

/// A change of state as the audit chain and the event log tell it.
package struct Transition: Codable, Sendable {
    package let from: ReplenishmentState
    package let to: ReplenishmentState
    package let reason: String?
    package let fault: String?
    package let document: ExternalDocument?
    package let decision: ID<Decision>?
}
