import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// What a sender is told about one recommendation it handed in.
package struct Receipt: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable {
        /// Stored; it will be decided.
        case accepted
        /// The same content was accepted before under this id; nothing was added.
        case duplicate
        /// Not stored.
        case refused
    }

    package let id: String
    package let kind: Kind
    package let acceptedAt: Instant?
    /// The digest of the content as it was stored.
    package let digest: Digest?
    package let violations: [Violation]
    /// Why it was refused, as a fault's name.
    package let fault: String?
}

/// Takes recommendations in: what is acknowledged is durable, and the same one twice is one.
package struct Intake: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Accepts a batch in one transaction; one that is refused leaves its neighbours alone.
    ///
    /// - Returns: a receipt for each, in order.
    package func accept(_ recommendations: [Recommendation], by actor: String) async throws -> [Receipt] {
        let prepared = recommendations.map(Prepared.init)
        let receipts = try await services.database.write { [now = services.clock.now()] connection in
            try accept(prepared, by: actor, on: connection, at: now)
        }
        services.failpoints.reach(.afterAccept)
        return receipts
    }

    /// The same as the last part of the caller's transaction: the flow waits from here until it ends.
    package func accept(
        _ prepared: [Prepared], by actor: String, on connection: any Connection, at now: Instant
    ) throws -> [Receipt] {
        guard !prepared.isEmpty else { return [] }
        let ledger = Ledger(connection: connection, now: now, services: services)
        try ledger.enter()
        return try prepared.map { one in try accept(one, by: actor, ledger) }
    }

    /// A recommendation as it will be stored: written out and hashed before any lock is taken.
    package struct Prepared: Sendable {
        let recommendation: Recommendation
        let text: String
        let digest: Digest
        let violations: [Violation]

        package init(_ recommendation: Recommendation) {
            self.recommendation = recommendation
            do {
                text = try JSON.text(of: recommendation)
                violations = recommendation.violations()
            } catch {
                text = ""
                violations = [Violation("body", found: nil, expected: error.message)]
            }
            digest = Digest(of: text)
        }
    }

    private func accept(_ one: Prepared, by actor: String, _ ledger: Ledger) throws -> Receipt {
        let recommendation = one.recommendation
        guard one.violations.isEmpty else { return refused(one, Fault.Code.invalidInput.name) }
        if let known = try stored(recommendation.id, ledger) {
            guard known.digest == one.digest else {
                try ledger.record("recommendation.conflicted", recommendation.id, by: actor, ["digest": one.digest])
                return refused(one, Fault.Code.conflict.name, "content equal to what was accepted at \(known.at) under this id")
            }
            return Receipt(
                id: recommendation.id.rawValue, kind: .duplicate, acceptedAt: known.at, digest: known.digest, violations: [],
                fault: nil)
        }
        try insert(one, ledger)
        try ledger.record("recommendation.received", recommendation.id, by: actor, recommendation)
        try supersede(recommendation, ledger)
        return Receipt(
            id: recommendation.id.rawValue, kind: .accepted, acceptedAt: ledger.now, digest: one.digest, violations: [],
            fault: nil)
    }

    private func stored(_ id: ID<Recommendation>, _ ledger: Ledger) throws -> (digest: Digest, at: Instant)? {
        try ledger.connection.first("SELECT digest, accepted_at FROM replenishment WHERE id = \(id)") { row in
            (try row[0], try row[1])
        }
    }

    private func insert(_ one: Prepared, _ ledger: Ledger) throws {
        let recommendation = one.recommendation
        let key = recommendation.orderKey
        let last: Int64? =
            try ledger.connection.value("SELECT MAX(version) FROM replenishment WHERE order_key = \(key)", as: Int64?.self) ?? nil
        try ledger.connection.run(
            """
            INSERT INTO replenishment (id, state, order_key, version, source, cycle, item, location, made_at, body, digest,
                reference, accepted_at, updated_at, trace, look_first)
            VALUES (\(recommendation.id), \(ReplenishmentState.received), \(key), \((last ?? 0) + 1), \(recommendation.source),
                \(recommendation.cycle), \(recommendation.item), \(recommendation.location), \(recommendation.madeAt),
                \(one.text),
                \(one.digest), \(makeReference(recommendation.id)), \(ledger.now), \(ledger.now),
                \(Trace.current), \(ReplenishmentRow.mayHaveBeenSent(recommendation)))
            """)
    }

    /// Our name for the action that may come of it: the same recommendation has the same one, for ever.
    private func makeReference(_ id: ID<Recommendation>) -> String {
        "PLM-" + Digest(of: "action|\(id)").rawValue.prefix(20).uppercased()
    }

    /// The newest by the time it was made stands; older ones that have not been sent give way.
    private func supersede(_ recommendation: Recommendation, _ ledger: Ledger) throws {
        let rivals = try ledger.rows(
            """
            WHERE order_key = \(recommendation.orderKey) AND state IN (\(list: ReplenishmentState.unsent)) AND NOT (\(mayBeThere))
            ORDER BY made_at DESC, version DESC
            """)
        guard let newest = rivals.first else { return }
        for row in rivals.dropFirst() {
            try ledger.move(row, to: .superseded, Change(reason: "\(newest.id) is newer."))
        }
    }

    private func refused(_ one: Prepared, _ fault: String, _ expected: String? = nil) -> Receipt {
        var violations = one.violations
        if let expected { violations.append(Violation("id", found: one.recommendation.id.rawValue, expected: expected)) }
        return Receipt(
            id: one.recommendation.id.rawValue, kind: .refused, acceptedAt: nil, digest: nil, violations: violations, fault: fault
        )
    }
}
