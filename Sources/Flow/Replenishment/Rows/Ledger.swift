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
    let journal = Journal()

    /// One transaction that promises goods at a time: what one has promised the next one sees.
    func enter() throws {
        _ = try connection.value("SELECT id FROM replenishment_gate WHERE id = 0 \(.forUpdate)", as: Int64.self)
    }

    /// Writes what the transaction has to tell; called once, when everything else is written.
    func end() throws {
        try journal.write(on: connection, at: now, services)
    }

    func rows(_ condition: SQL) throws -> [ReplenishmentRow] {
        try read("SELECT \(ReplenishmentRow.columns) FROM \(ReplenishmentRow.tables) \(condition)")
    }

    /// Rows as they are once they are locked.
    ///
    /// - Parameters:
    ///   - condition: on the columns of `replenishment` alone, with its order, its limit and the clause that locks.
    ///   - order: the order of the answer.
    func lock(_ condition: SQL, order: SQL) throws -> [ReplenishmentRow] {
        try read(
            """
            SELECT \(ReplenishmentRow.columns) FROM (SELECT * FROM replenishment \(condition)) AS \(ReplenishmentRow.tables)
            ORDER BY \(order)
            """)
    }

    private func read(_ sql: SQL) throws -> [ReplenishmentRow] {
        try connection.rows(sql) { row in try ReplenishmentRow(row, recalling: services.recollection) }
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
        try move([Move(row, to: state, change)]) == [true]
    }

    /// Moves many rows, each if it still is where it was seen, in the order of their ids: two transactions that move the same
    /// rows then wait for each other in the same order.
    ///
    /// - Returns: for each move, in order, whether the row moved.
    func move(_ moves: [Move]) throws -> [Bool] {
        let order = moves.indices.sorted { moves[$0].row.id < moves[$1].row.id }
        let made = try connection.change(changes(order.map { moves[$0] }))
        var moved = [Bool](repeating: false, count: moves.count)
        for (index, made) in zip(order, made) { moved[index] = made }
        let done = zip(moves, moved).compactMap { move, moved in moved ? move : nil }
        for move in done { try tell(move) }
        try closeExceptions(of: done)
        return moved
    }

    /// Tells of a change of state.
    func tell(_ move: Move) throws {
        try following(move.row) {
            try record(
                "recommendation.\(move.state.rawValue)", move.row.id, by: move.change.actor, text: try move.transition.text)
        }
    }

    private func changes(_ moves: [Move]) -> RowChanges {
        let isDeciding = moves.first?.change.decided != nil
        return RowChanges(
            of: "replenishment", key: ["id"], seen: ["state", "attempts", "epoch", "replays"],
            set: Change.columns + (isDeciding ? Decided.columns : []),
            moves.map { move in
                let row = move.row
                return RowChanges.Change(
                    key: [row.id.sqlValue],
                    seen: [row.state.sqlValue, row.attempts.sqlValue, row.epoch.sqlValue, row.replays.sqlValue],
                    values: move.change.values(on: row, in: move.state, at: now) + (move.change.decided?.values ?? []))
            })
    }

    /// Does `work` in the trace of whoever acts now or, when nobody does, of the request that brought the row.
    func following<Value>(_ row: ReplenishmentRow, _ work: () throws -> Value) rethrows -> Value {
        try Trace.$current.withValue(Trace.current ?? row.trace, operation: work)
    }

    /// What waited for a person about a row that has gone on waits no longer: one statement for each kind of ending.
    private func closeExceptions(of moves: [Move]) throws {
        let ended = moves.filter { $0.state.isFinal || $0.state == .approved }
        for (ending, moves) in Dictionary(grouping: ended, by: Ending.init).sorted(by: { $0.key < $1.key }) {
            try exceptions.close(
                subjects: moves.map(\.row.id.rawValue).sorted(), by: ending.actor, "It is \(ending.state.rawValue).")
        }
        for move in moves where !move.state.isFinal && move.state != .approved && move.row.isOverdue {
            for kind in ["approvalOverdue", "approvalEscalated"] {
                try exceptions.close(
                    subject: move.row.id.rawValue, kind: kind, by: move.change.actor, "It is \(move.state.rawValue).")
            }
        }
    }

    /// Tells of one occurrence, `recommendation.approved`: an event, which the audit chain vouches for.
    func record(_ occurrence: String, _ id: ID<Recommendation>, by actor: String, _ data: some Encodable & Sendable) throws {
        try record(occurrence, id, by: actor, text: try JSON.text(of: data))
    }

    /// The same with the data as it is written already.
    func record(_ occurrence: String, _ id: ID<Recommendation>, by actor: String, text: String) throws {
        journal.tell(
            try NewEvent(
                type: "plimsoll.\(occurrence)", subject: id.rawValue, text: text, source: "/replenishment", key: id.rawValue,
                actor: actor))
    }

    var exceptions: Exceptions { Exceptions(connection: connection, now: now, services: services, journal: journal) }
}

/// One row on its way to another state.
struct Move {
    let row: ReplenishmentRow
    let state: ReplenishmentState
    var change: Change

    init(_ row: ReplenishmentRow, to state: ReplenishmentState, _ change: Change = Change()) {
        self.row = row
        self.state = state
        self.change = change
    }

    var transition: Transition {
        Transition(
            from: row.state, to: state, reason: change.reason, fault: change.fault, document: change.document,
            decision: row.decision)
    }
}

private struct Ending: Hashable, Comparable {
    let state: ReplenishmentState
    let actor: String

    init(_ move: Move) {
        state = move.state
        actor = move.change.actor
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.state.rawValue, left.actor) < (right.state.rawValue, right.actor)
    }
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
    /// What a decision writes onto the row; all moves of a batch have one or none has.
    var decided: Decided?

    static let columns = [
        "state", "epoch", "next_at", "attempts", "failures", "replays", "fault", "reason", "document_kind", "document_number",
        "document_id", "updated_at",
    ]

    /// One for each of `columns`.
    func values(on row: ReplenishmentRow, in state: ReplenishmentState, at now: Instant) -> [SQLValue] {
        [
            state.sqlValue, epoch.sqlValue, nextAt.sqlValue, (row.attempts + (isAttempt ? 1 : 0)).sqlValue,
            (failures ?? row.failures).sqlValue, (row.replays + (isReplay ? 1 : 0)).sqlValue, fault.sqlValue, reason.sqlValue,
            document?.kind.sqlValue ?? .null, document?.number.sqlValue ?? .null, document?.externalID.sqlValue ?? .null,
            now.sqlValue,
        ]
    }
}

/// A change of state as the audit chain and the event log tell it.
package struct Transition: Codable, Sendable {
    package let from: ReplenishmentState
    package let to: ReplenishmentState
    package let reason: String?
    package let fault: String?
    package let document: ExternalDocument?
    package let decision: ID<Decision>?

    /// Its canonical JSON.
    var text: String {
        get throws {
            try JSON.object { json in
                json.add("decision", decision)
                json.add("document", document)
                json.add("fault", fault)
                json.add("from", from.rawValue)
                json.add("reason", reason)
                json.add("to", to.rawValue)
            }
        }
    }
}
