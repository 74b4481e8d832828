import CanonicalModel
import CanonicalStore
import ConnectorKit
import Governance
import Storage
import Vocabulary

/// The process that wanted to send is not alive any more, as far as the database knows.
struct LeaseRunOut: Error {
    let epoch: Int64
}

/// Nothing of the row's key is on its way, and nothing older of it waits to be sent again.
let isItsTurn: SQL =
    """
    NOT EXISTS (SELECT 1 FROM replenishment o WHERE o.order_key = replenishment.order_key AND o.state IN ('inflight', 'unknown'))
        AND NOT EXISTS (SELECT 1 FROM replenishment o WHERE o.order_key = replenishment.order_key
            AND o.version < replenishment.version AND o.state = 'approved')
    """

/// Fences rows, writes their attempts and takes them for this process; one transaction for all.
struct Claim {
    private let ledger: Ledger
    private let lease: ReplicaLease
    /// The lease may go on under another one meanwhile; what is claimed here has this one.
    private let epoch: Int64
    private let system: ConnectedSystems.Connected

    init(_ ledger: Ledger, lease: ReplicaLease, system: ConnectedSystems.Connected) {
        self.ledger = ledger
        self.lease = lease
        epoch = lease.epoch
        self.system = system
    }

    /// A row with the proof that it may be sent.
    private struct Candidate {
        let row: ReplenishmentRow
        let decision: Decision
        let approved: Approved<Action>
    }

    /// - Throws: `LeaseRunOut`.
    func take(_ ids: ArraySlice<ID<Recommendation>>) throws -> [Dispatcher.Dispatch] {
        try requireLease()
        // What else is asked of them is looked at once they are locked: the database then finds them by their ids.
        let rows = try ledger.lock(
            "WHERE id \(anyOf: ids) AND look_first = 0 AND \(isItsTurn) \(.skipLocked)",
            order: "next_at, replenishment.version")
        let candidates = try candidates(rows.filter { $0.state == .approved && $0.system == system.name })
        guard !candidates.isEmpty else { return [] }
        let passes = try Fence(ledger: ledger).pass(candidates.map { ($0.row, $0.decision) })
        let claimed = zip(candidates, passes).compactMap { candidate, passes in passes ? candidate : nil }
        guard !claimed.isEmpty else { return [] }
        try writeAttempts(claimed.map(\.row))
        let moved = try ledger.move(
            claimed.map { candidate in
                Move(
                    candidate.row, to: .inflight,
                    Change(
                        reason: "Attempt \(candidate.row.attempts + 1)", nextAt: nil, epoch: epoch,
                        failures: candidate.row.failures, isAttempt: true))
            })
        guard moved.allSatisfy(\.self) else { throw Fault.defect("A row changed while it was locked.") }
        let names = try ledger.services.crosswalks.names(of: system.name, on: ledger.connection)
        return claimed.map { candidate in
            Dispatcher.Dispatch(
                row: candidate.row.claimed(under: epoch), approved: candidate.approved, system: system, names: names,
                claimedAt: ledger.now)
        }
    }

    private func requireLease() throws {
        let alive = try ledger.connection.value(
            "SELECT epoch FROM replica WHERE epoch = \(epoch) AND expires_at > \(.now)", as: Int64.self)
        if alive == nil { throw LeaseRunOut(epoch: epoch) }
    }

    private func candidates(_ rows: [ReplenishmentRow]) throws -> [Candidate] {
        let approvals = try ledger.approvals(of: rows.compactMap(\.decided))
        let done = try newestDone(rows.map(\.orderKey))
        var keys: Set<String> = []
        var found: [Candidate] = []
        for row in rows where keys.insert(row.orderKey).inserted {
            if let newer = done[row.orderKey], (newer.madeAt, newer.version) > (row.recommendation.madeAt, row.version) {
                try ledger.move(row, to: .superseded, Change(reason: "\(newer.id) is newer and was carried out."))
                continue
            }
            guard let decision = row.decided, let action = decision.action else {
                throw Fault.defect("Recommendation \(row.id) is approved without a decision.")
            }
            guard let approved = try proof(row, action, decision, approvals[decision.id] ?? []) else { continue }
            guard system.connector.capabilities[action.kind] != nil else {
                try Self.hold(
                    row, "The system \(system.name) cannot carry out \(action.kind.rawValue) here.", .connectorMissing, ledger)
                continue
            }
            found.append(Candidate(row: row, decision: decision, approved: approved))
        }
        return found
    }

    /// An action that is done, and when it was suggested.
    private typealias Done = (id: ID<Recommendation>, madeAt: Instant, version: Int64)

    /// What of each order key was suggested last and is done: an older one would undo it, or come on top of it. News that
    /// comes late is old, whenever it was accepted.
    ///
    /// Asked of both tables together, the state is looked at last: the rows are found by their keys.
    private func newestDone(_ keys: [String]) throws -> [String: Done] {
        let done = try ledger.connection.rows(
            """
            SELECT c.order_key, c.id, c.made_at, c.version FROM recommendation c JOIN replenishment r ON r.id = c.id
            WHERE c.order_key \(anyOf: keys) AND CASE WHEN c.version > 0 THEN r.state ELSE '' END = 'done'
            ORDER BY c.order_key, c.made_at, c.version
            """
        ) { row in (try row[0] as String, Done(try row[1], try row[2], try row[3])) }
        return Dictionary(done) { _, newer in newer }
    }

    /// Nil when the approval does not hold; then the row has been moved to where it belongs.
    private func proof(
        _ row: ReplenishmentRow, _ action: Action, _ decision: Decision, _ approvals: [Approval]
    ) throws -> Approved<Action>? {
        do {
            let table = try ledger.services.policies.table(decision.policyVersion, on: ledger.connection)
            return try Approved(
                action, by: decision, approvals: approvals, limits: table.limits, escalatedTo: row.escalatedTo(by: table),
                now: ledger.now)
        } catch let fault as Fault where fault.code.name.hasPrefix("governance.") {
            if fault.code == .lapsed {
                try ledger.move(row, to: .expired, Change(reason: fault.message, fault: fault.code.name))
            } else {
                try Self.hold(row, fault.message, fault.code, ledger)
            }
            return nil
        }
    }

    private func writeAttempts(_ rows: [ReplenishmentRow]) throws {
        var rest = rows.makeIterator()
        try ledger.connection.load(
            into: "attempt", columns: ["recommendation", "number", "reference", "system", "replica", "epoch", "started_at"]
        ) {
            guard let row = rest.next() else { return nil }
            return [
                row.id.sqlValue, (row.attempts + 1).sqlValue, row.reference.sqlValue, system.name.sqlValue, lease.name.sqlValue,
                epoch.sqlValue, ledger.now.sqlValue,
            ]
        }
    }

    static func hold(_ row: ReplenishmentRow, _ reason: String, _ code: Fault.Code, _ ledger: Ledger) throws {
        guard try ledger.move(row, to: .held, Change(reason: reason, fault: code.name)) else { return }
        try ledger.exceptions.open("held", of: row, team: "operations", summary: reason)
    }
}
