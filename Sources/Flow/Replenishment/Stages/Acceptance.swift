import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// A recommendation as it will be stored: written out and hashed before any lock is taken.
package struct PreparedRecommendation: Sendable {
    let recommendation: Recommendation
    let text: String
    let digest: Digest
    let violations: [Violation]
    /// Of the request that brought it; what is stored together may have come by several.
    let trace: String?

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
        trace = Trace.current
    }
}

/// Stores a batch of recommendations: what is known of them is looked up once for all, and what is new is written once for all.
final class Acceptance {
    private let ledger: Ledger
    private var known: [ID<Recommendation>: (digest: Digest, at: Instant)] = [:]
    private var versions: [String: Int64] = [:]
    private let restoredAt: Instant?
    private var new: [(row: PreparedRecommendation, version: Int64)] = []

    init(_ rows: [PreparedRecommendation], _ ledger: Ledger) throws {
        self.ledger = ledger
        restoredAt = try Restoration.latest(on: ledger.connection)
        let ids = rows.map(\.recommendation.id)
        let found = try ledger.connection.rows(
            "SELECT id, digest, accepted_at FROM recommendation WHERE id \(anyOf: ids)"
        ) { row in (id: try row[0] as ID<Recommendation>, digest: try row[1] as Digest, at: try row[2] as Instant) }
        for one in found { known[one.id] = (one.digest, one.at) }
        let keys = Set(rows.map(\.recommendation.orderKey)).sorted()
        let last = try ledger.connection.rows(
            "SELECT order_key, MAX(version) FROM recommendation WHERE order_key \(anyOf: keys) GROUP BY order_key"
        ) { row in (key: try row[0] as String, version: try row[1] as Int64) }
        for one in last { versions[one.key] = one.version }
    }

    func take(_ one: PreparedRecommendation, by actor: String) throws -> Receipt {
        try Trace.$current.withValue(one.trace) { try takeInTrace(one, by: actor) }
    }

    private func takeInTrace(_ one: PreparedRecommendation, by actor: String) throws -> Receipt {
        let id = one.recommendation.id
        guard one.violations.isEmpty else { return refused(one, Fault.Code.invalidInput.name) }
        if let known = known[id] {
            guard known.digest == one.digest else {
                try ledger.record("recommendation.conflicted", id, by: actor, ["digest": one.digest])
                return refused(one, Fault.Code.conflict.name, "content equal to what was accepted at \(known.at) under this id")
            }
            return receipt(one, .duplicate, at: known.at)
        }
        let key = one.recommendation.orderKey
        let version = (versions[key] ?? 0) + 1
        versions[key] = version
        known[id] = (one.digest, ledger.now)
        new.append((one, version))
        try ledger.record("recommendation.received", id, by: actor, text: try told(one))
        return receipt(one, .accepted, at: ledger.now)
    }

    /// What is told of a recommendation that came in; its text is kept once, and this vouches for it by its digest.
    private func told(_ one: PreparedRecommendation) throws -> String {
        let recommendation = one.recommendation
        return try JSON.object { json in
            json.add("cycle", recommendation.cycle)
            json.add("digest", one.digest)
            json.add("item", recommendation.item)
            json.add("location", recommendation.location)
            json.add("source", recommendation.source)
        }
    }

    /// Writes what was taken.
    func finish() throws {
        try insert()
        try supersede()
    }

    private func insert() throws {
        var rest = new.makeIterator()
        try ledger.connection.load(
            into: "recommendation",
            columns: [
                "id", "order_key", "version", "source", "cycle", "item", "location", "made_at", "body", "digest", "reference",
                "trace", "accepted_at",
            ]
        ) {
            guard let (one, version) = rest.next() else { return nil }
            let recommendation = one.recommendation
            return [
                recommendation.id.sqlValue, recommendation.orderKey.sqlValue, version.sqlValue, recommendation.source.sqlValue,
                recommendation.cycle?.sqlValue ?? .null, recommendation.item.sqlValue, recommendation.location.sqlValue,
                recommendation.madeAt.sqlValue, one.text.sqlValue, one.digest.sqlValue,
                makeReference(recommendation.id).sqlValue, one.trace?.sqlValue ?? .null, ledger.now.sqlValue,
            ]
        }
        rest = new.makeIterator()
        try ledger.connection.load(
            into: "replenishment",
            columns: ["id", "state", "order_key", "version", "accepted_at", "updated_at", "look_first"]
        ) {
            guard let (one, version) = rest.next() else { return nil }
            let recommendation = one.recommendation
            return [
                recommendation.id.sqlValue, ReplenishmentState.received.sqlValue, recommendation.orderKey.sqlValue,
                version.sqlValue, ledger.now.sqlValue, ledger.now.sqlValue, mayHaveBeenSent(recommendation).sqlValue,
            ]
        }
        ledger.services.recollection.note(new.lazy.map { ($0.row.digest, $0.row.recommendation) })
    }

    /// Whether it may have been sent in the life of the database that the last restore ended.
    private func mayHaveBeenSent(_ recommendation: Recommendation) -> Bool {
        restoredAt.map { recommendation.madeAt <= $0 } ?? false
    }

    /// Our name for the action that may come of it: the same recommendation has the same one, for ever.
    private func makeReference(_ id: ID<Recommendation>) -> String {
        "PLM-" + Digest(of: "action|\(id)").rawValue.prefix(20).uppercased()
    }

    /// The newest by the time it was made stands; older ones that have not been sent give way.
    private func supersede() throws {
        // Only where something was there before can anything be older or newer.
        let keys = Set(
            new.filter { $0.version > 1 || (versions[$0.row.recommendation.orderKey] ?? 1) > 1 }
                .map(\.row.recommendation.orderKey)
        ).sorted()
        guard !keys.isEmpty else { return }
        let rivals = try ledger.rows(
            """
            WHERE recommendation.order_key \(anyOf: keys) AND state IN (\(list: ReplenishmentState.unsent))
                AND NOT (\(mayBeThere))
            ORDER BY recommendation.order_key, made_at DESC, recommendation.version DESC
            """)
        var moves: [Move] = []
        for (_, rows) in Dictionary(grouping: rivals, by: \.orderKey).sorted(by: { $0.key < $1.key }) {
            for row in rows.dropFirst() {
                moves.append(Move(row, to: .superseded, Change(reason: "\(rows[0].id) is newer.")))
            }
        }
        _ = try ledger.move(moves)
    }

    private func receipt(_ one: PreparedRecommendation, _ kind: Receipt.Kind, at accepted: Instant) -> Receipt {
        Receipt(
            id: one.recommendation.id.rawValue, kind: kind, acceptedAt: accepted, digest: one.digest, violations: [], fault: nil)
    }

    private func refused(_ one: PreparedRecommendation, _ fault: String, _ expected: String? = nil) -> Receipt {
        var violations = one.violations
        if let expected { violations.append(Violation("id", found: one.recommendation.id.rawValue, expected: expected)) }
        return Receipt(
            id: one.recommendation.id.rawValue, kind: .refused, acceptedAt: nil, digest: nil, violations: violations, fault: fault
        )
    }
}
