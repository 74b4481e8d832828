import CanonicalModel
import ConnectorKit
import EventLog
import Governance
import Replenishment
import Storage
import Vocabulary

/// What must hold at the end of every world, whatever befell it.
struct Invariants {
    let world: World
    private let services: FlowServices

    init(of world: World) throws {
        self.world = world
        let clock = WallClock(now: { World.start + .days(2) }, pause: { _ in })
        services = FlowServices(
            database: world.database, events: EventLog(randomness: .seeded(0)), audit: AuditLog(),
            systems: ConnectedSystems([]),
            policies: PolicyBook(current: try Company.decisions.get()), clock: clock,
            randomness: .seeded(0))
    }

    func violations() async throws -> [String] {
        let rows = try await Browsing(services).rows(Browsing.Filter(), limit: 1000).sorted { $0.id < $1.id }
        var found = acknowledged(rows) + effectsOnce(rows) + stock() + order(rows) + rest(rows)
        found += try await scope(rows)
        let chain = try await AuditVerifier(world.database).verify(checkpoints: [], publicKey: AuditSigningKey().publicKey)
        found += chain.findings.map { "I5: \($0)" }
        for row in rows { found += try await explained(row) }
        return found
    }

    /// I1: what was acknowledged is one row.
    private func acknowledged(_ rows: [ReplenishmentRow]) -> [String] {
        let stored = Dictionary(grouping: rows) { $0.id.rawValue }
        return world.acknowledged.filter { stored[$0]?.count != 1 }.map { "I1: \($0) was acknowledged and is not there once" }
    }

    /// I2: under one reference at most one effect by the systems' own books, and none that nobody knows of.
    private func effectsOnce(_ rows: [ReplenishmentRow]) -> [String] {
        let effects = Dictionary(grouping: world.systems.books.effects.filter { !$0.isUndone }) { $0.reference }
        let known = Dictionary(grouping: rows) { $0.reference.rawValue }
        var found: [String] = []
        for (reference, those) in effects.sorted(by: { $0.key < $1.key }) {
            if those.count > 1 { found.append("I2: \(those.count) effects of \(reference)") }
            guard let row = known[reference]?.first else {
                found.append("I2: an effect of \(reference), which nobody knows")
                continue
            }
            if row.state != .done {
                found.append("I2: \(reference) of \(row.id) is in the books, and here it is \(row.state.rawValue)")
            }
        }
        return found
    }

    /// I4: a donor gives only what it can spare.
    private func stock() -> [String] {
        let books = world.systems.books
        return Company.items.compactMap { item in
            let left = books.stock[Books.Place(item: item, location: "west")] ?? .zero
            return left < Company.levels.reorderPoint ? "I4: west was left with \(left) \(item)" : nil
        }
    }

    /// I6: what was suggested later is done later.
    private func order(_ rows: [ReplenishmentRow]) -> [String] {
        let known = Dictionary(rows.map { ($0.reference.rawValue, $0) }) { first, _ in first }
        var last: [String: ReplenishmentRow] = [:]
        var found: [String] = []
        for effect in world.systems.books.effects {
            guard let row = known[effect.reference] else { continue }
            if let before = last[row.orderKey],
                (before.recommendation.madeAt, before.version) > (row.recommendation.madeAt, row.version)
            {
                found.append("I6: \(row.orderKey): \(row.id) was done after \(before.id), which is newer")
            }
            last[row.orderKey] = row
        }
        return found
    }

    /// I7: who may see one location sees exactly its rows.
    private func scope(_ rows: [ReplenishmentRow]) async throws -> [String] {
        var found: [String] = []
        for location in Company.locations {
            let filter = Browsing.Filter(scope: "location = \(location.id)")
            let seen = try await Browsing(services).rows(filter, limit: 1000).map(\.id).sorted()
            if seen != rows.filter({ $0.recommendation.location == location.id }).map(\.id) {
                found.append("I7: \(location.id) sees other rows than its own")
            }
        }
        return found
    }

    /// I8: once the storm is over everything comes to rest.
    private func rest(_ rows: [ReplenishmentRow]) -> [String] {
        rows.filter { !$0.state.isFinal }.map { "I8: \($0.id) is still \($0.state.rawValue): \($0.reason ?? "")" }
    }

    /// I3, I5 and I9: every effect was decided, approved and written down before; and every decision can be made again.
    private func explained(_ row: ReplenishmentRow) async throws -> [String] {
        let story = try await Explainer(services).explain(row.id)
        var found = story.decisions.filter { !$0.isReproducible }.map {
            "I9: decision \($0.decision.id) of \(row.id) comes out otherwise"
        }
        let kinds = story.audit.map(\.kind)
        // Deciding again is told by the same word, but not by the source.
        if story.audit.count(where: { $0.kind == "recommendation.received" && $0.actor == "model" }) != 1 {
            found.append("I5: \(row.id) was not received once")
        }
        for effect in world.systems.books.effects where effect.reference == row.reference.rawValue {
            for kind in ["recommendation.decided", "recommendation.approved", "recommendation.inflight"]
            where !kinds.contains(kind) {
                found.append("I5: \(row.id) has an effect and no entry \(kind)")
            }
            let sent = story.attempts.filter { $0.startedAt <= effect.at + .hours(3) }
            if sent.isEmpty { found.append("I5: \(row.id) has an effect and no attempt before it") }
            let covering = story.decisions.map(\.decision).filter { $0.action == effect.action }
            let approvals = story.approvals
            if !covering.contains(where: { isApproved($0, effect.action, approvals, row) }) {
                found.append("I3: the effect of \(row.id) is covered by no decision")
            }
        }
        if row.state == .done, !kinds.contains("recommendation.done") { found.append("I5: \(row.id) is done without an entry") }
        return found
    }

    private func isApproved(_ decision: Decision, _ action: Action, _ approvals: [Approval], _ row: ReplenishmentRow) -> Bool {
        guard let table = try? Company.decisions.get() else { return false }
        let approved = try? Approved(
            action, by: decision, approvals: approvals.filter { $0.decision == decision.id }, limits: table.limits,
            escalatedTo: row.isEscalated ? table.approval.escalateTo : nil, now: decision.decidedAt)
        return approved != nil
    }
}
