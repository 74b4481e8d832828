import CanonicalModel
import ConnectorKit
import EventLog
import Governance
import Storage
import Vocabulary

/// A recommendation as it will be stored: written out and hashed before any lock is taken.
package struct PreparedRecommendation: Sendable {
    let remembered: Remembered<Recommendation>
    let text: String
    let digest: Digest
    let violations: [Violation]
    /// Of the request that brought it; what is stored together may have come by several.
    let trace: String?

    package init(_ recommendation: Recommendation) {
        remembered = Remembered(recommendation)
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

    package var recommendation: Recommendation { remembered.value }
}

/// Stores a batch of recommendations: what is known of them is looked up once for all, and what is new is written once for all.
final class Acceptance {
    private let ledger: Ledger
    private var known: [ID<Recommendation>: (digest: Digest, at: Instant)] = [:]
    private var versions: [String: Int64] = [:]
    private let restoredAt: Instant?
    private var new: [(prepared: PreparedRecommendation, row: ReplenishmentRow)] = []

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
        new.append((one, ReplenishmentRow(one, version: version, reference: makeReference(id), at: ledger.now)))
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
    ///
    /// - Parameter deciding: whether what nothing stands in the way of is decided before it is written, and so written once.
    /// - Returns: the stages that have something to do once it is committed.
    @discardableResult
    func finish(deciding: Bool = false) throws -> Set<FlowBells.Stage> {
        let contested = try contestedKeys()
        let placements = deciding ? try decide(new.map(\.row).filter { !contested.contains($0.orderKey) }) : nil
        let decided = placements?.moves ?? [:]
        try insert(decided)
        try supersede(contested)
        try placements?.tell()
        ledger.services.recollection.note(new.lazy.map { ($0.prepared.digest, $0.prepared.remembered) })
        var stages: Set<FlowBells.Stage> = []
        if decided.count < new.count { stages.insert(.decisions) }
        if !decided.isEmpty { stages.insert(.dispatch) }
        return stages
    }

    /// Decides what came in; one that cannot be decided is left to the stage that knows what to do with it.
    private func decide(_ rows: [ReplenishmentRow]) throws -> Placements? {
        // What may have been sent before a restore is looked for first.
        let rows = rows.filter { !mayHaveBeenSent($0.recommendation) }.sorted { $0.orderKey < $1.orderKey }
        guard !rows.isEmpty else { return nil }
        var decider = try Decider(rows, ledger)
        let placements = rows.compactMap { row -> Placement? in
            guard case .placed(let placement)? = try? decider.decide(row) else { return nil }
            return placement
        }
        return Placements(placements, ledger)
    }

    private func insert(_ placed: [ID<Recommendation>: Move]) throws {
        var rest = new.makeIterator()
        try ledger.connection.load(
            into: "recommendation",
            columns: [
                "id", "order_key", "version", "source", "cycle", "item", "location", "made_at", "body", "digest", "reference",
                "trace", "accepted_at",
            ]
        ) {
            guard let (one, row) = rest.next() else { return nil }
            let recommendation = one.recommendation
            return [
                row.id.sqlValue, row.orderKey.sqlValue, row.version.sqlValue, recommendation.source.sqlValue,
                recommendation.cycle.sqlValue, recommendation.item.sqlValue, recommendation.location.sqlValue,
                recommendation.madeAt.sqlValue, one.text.sqlValue, one.digest.sqlValue, row.reference.sqlValue,
                one.trace.sqlValue, ledger.now.sqlValue,
            ]
        }
        rest = new.makeIterator()
        try ledger.connection.load(
            into: "replenishment",
            columns: ["id", "order_key", "version", "accepted_at", "look_first"] + Change.columns + Decided.columns
        ) {
            guard let (_, row) = rest.next() else { return nil }
            let move = placed[row.id] ?? Move(row, to: .received)
            let stands = [
                row.id.sqlValue, row.orderKey.sqlValue, row.version.sqlValue, row.acceptedAt.sqlValue,
                mayHaveBeenSent(row.recommendation).sqlValue,
            ]
            return stands + move.change.values(on: row, in: move.state, at: ledger.now)
                + (move.change.decided ?? .undecided).values
        }
    }

    /// Whether it may have been sent in the life of the database that the last restore ended.
    private func mayHaveBeenSent(_ recommendation: Recommendation) -> Bool {
        restoredAt.map { recommendation.madeAt <= $0 } ?? false
    }

    /// Our name for the action that may come of it: the same recommendation has the same one, for ever.
    private func makeReference(_ id: ID<Recommendation>) -> Reference {
        Reference("PLM-" + Digest(of: "action|\(id)").rawValue.prefix(20).uppercased())
    }

    /// The order keys of which something unsent is there already, or several came in at once.
    private func contestedKeys() throws -> Set<String> {
        let repeated = Dictionary(grouping: new, by: \.row.orderKey).filter { $0.value.count > 1 }.keys
        let known = Set(new.lazy.map(\.row).filter { $0.version > 1 }.map(\.orderKey)).subtracting(repeated)
        guard !known.isEmpty else { return Set(repeated) }
        let unsent = try ledger.connection.values(
            """
            SELECT c.order_key FROM recommendation c JOIN replenishment r ON r.id = c.id
            WHERE c.order_key \(anyOf: known.sorted()) AND r.state IN (\(list: ReplenishmentState.unsent)) AND NOT (\(mayBeThere))
            """, as: String.self)
        return Set(repeated).union(unsent)
    }

    /// The newest by the time it was made stands; older ones that have not been sent give way.
    private func supersede(_ contested: Set<String>) throws {
        let keys = contested.sorted()
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
