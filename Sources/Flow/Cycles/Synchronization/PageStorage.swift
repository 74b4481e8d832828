import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Storage
import Vocabulary

/// Stores one page of a feed: its records, names, refusals and events, in the caller's transaction.
struct PageStorage {
    let system: ID<ExternalSystem>
    let feed: Feed
    /// When the snapshot began that the page is part of; nil for feeds that tell changes.
    let round: Instant?
    let connection: any Connection
    let now: Instant
    private(set) var summary: FeedSummary
    private(set) var events: [NewEvent] = []
    private(set) var refusals: [Refusal] = []
    private var taken: [String] = []

    init(system: ID<ExternalSystem>, feed: Feed, round: Instant?, connection: any Connection, now: Instant) {
        self.system = system
        self.feed = feed
        self.round = round
        self.connection = connection
        self.now = now
        summary = FeedSummary(feed)
    }

    mutating func store(_ page: Page) throws {
        summary.pages = 1
        summary.rows = page.observations.count + page.refusals.count
        refusals = page.refusals
        let observations = try withNames(page.observations)
        try store(observations.picked { if case .item(let entity) = $0 { entity } else { nil } })
        try store(observations.picked { if case .location(let entity) = $0 { acting(entity) } else { nil } })
        try store(observations.picked { if case .supplier(let entity) = $0 { entity } else { nil } })
        try store(observations.picked { if case .sourcing(let entity) = $0 { entity } else { nil } })
        try store(observations.picked { if case .lane(let entity) = $0 { entity } else { nil } })
        try store(observations.picked { if case .policy(let entity) = $0 { entity } else { nil } })
        try store(observations.picked { if case .balance(let entity) = $0 { entity } else { nil } })
        try store(observations.picked { if case .supply(let entity) = $0 { entity } else { nil } })
        try storeDemand(observations.picked { if case .demand(let entity) = $0 { entity } else { nil } })
        try RefusedRows.note(refusals, of: system, in: feed, on: connection, at: now)
        try RefusedRows.close(taken, of: system, in: feed, on: connection, at: now)
        summary.refused = refusals.count
    }

    /// Actions for a place go to the system that told of it, unless it names another.
    private func acting(_ location: Location) -> Location {
        var location = location
        location.system = location.system ?? system
        return location
    }

    private mutating func store<Entity: StoredEntity>(_ rows: [Picked<Entity>]) throws {
        let observations = rows.map { row in
            (
                entity: row.entity,
                provenance: Provenance(system: system, observedAt: row.observation.observedAt, record: row.observation.externalID)
            )
        }
        let results = try Records.upsert(observations, round: round, on: connection, at: now)
        for (row, result) in zip(rows, results) {
            switch result {
            case .created(let version):
                summary.created += 1
                events.append(try .changed(row.entity, .created, version: version, in: system))
            case .updated(let version):
                summary.updated += 1
                events.append(try .changed(row.entity, .updated, version: version, in: system))
            case .unchanged: summary.unchanged += 1
            case .stale: summary.stale += 1
            case .refused(let violations):
                refusals.append(Refusal(row: row.observation.externalID, violations: violations))
                continue
            }
            taken.append(row.observation.externalID)
        }
    }

    private mutating func storeDemand(_ rows: [Picked<Demand>]) throws {
        guard !rows.isEmpty else { return }
        var demand = DemandRows(capacity: rows.count)
        for row in rows { demand.append(row.entity, observedAt: row.observation.observedAt) }
        let stored = try DemandLoader(system: system).store(demand, on: connection)
        for refusal in stored.refusals {
            refusals.append(Refusal(row: rows[refusal.index].observation.externalID, violations: refusal.violations))
        }
        let refused = Set(stored.refusals.map(\.index))
        let kept = rows.indices.filter { !refused.contains($0) }.map { rows[$0] }
        taken += kept.map(\.observation.externalID)
        summary.created += stored.counts.created
        summary.updated += stored.counts.updated
        summary.unchanged += stored.counts.unchanged + stored.counts.repeated
        summary.stale += stored.counts.stale
        if let event = try NewEvent.demandReceived(demand.removing(refused), stored.counts, in: system) { events.append(event) }
    }

    /// Writes down what the system calls the items, locations and suppliers of the page.
    ///
    /// - Returns: the observations without those whose name is already that of something else.
    private mutating func withNames(_ observations: [Observation]) throws -> [Observation] {
        let named = observations.compactMap { observation in entry(for: observation).map { (observation, $0) } }
        let conflicts = try CrosswalkStore.conflicts(noting: named.map(\.1), on: connection, at: now)
        guard !conflicts.isEmpty else { return observations }
        var complaints: [CrosswalkEntry: CrosswalkConflict] = [:]
        for conflict in conflicts { complaints[conflict.entry] = conflict }
        return observations.filter { observation in
            guard let conflict = entry(for: observation).flatMap({ complaints[$0] }) else { return true }
            let expected = "a name of its own: \(conflict.present.externalID) is \(conflict.present.canonicalID) already"
            refusals.append(
                Refusal(
                    row: observation.externalID,
                    violations: [Violation("id", found: conflict.entry.canonicalID, expected: expected)]))
            return false
        }
    }

    private func entry(for observation: Observation) -> CrosswalkEntry? {
        let (subject, canonicalID): (CrosswalkSubject, String)
        switch observation.entity {
        case .item(let item): (subject, canonicalID) = (.item, item.id.rawValue)
        case .location(let location): (subject, canonicalID) = (.location, location.id.rawValue)
        case .supplier(let supplier): (subject, canonicalID) = (.supplier, supplier.id.rawValue)
        case .sourcing, .lane, .policy, .balance, .supply, .demand: return nil
        }
        return CrosswalkEntry(system: system, subject: subject, externalID: observation.externalID, canonicalID: canonicalID)
    }
}

/// An observation whose entity is known to be of one kind.
private struct Picked<Entity> {
    let entity: Entity
    let observation: Observation
}

extension [Observation] {
    fileprivate func picked<Entity>(_ pick: (CanonicalRecord) -> Entity?) -> [Picked<Entity>] {
        compactMap { observation in pick(observation.entity).map { Picked(entity: $0, observation: observation) } }
    }
}
