import CanonicalModel
import Storage
import Vocabulary

extension Records {
    /// Stores observations in their order; each has its own result, and a refused one holds back no other.
    ///
    /// A system overwrites what it said itself unless it has said something later; what another system said it
    /// overwrites only with something newer. Content that is equal is not written again: only the instant at which
    /// it was last observed so moves forward, and only when it comes from the same system.
    ///
    /// - Parameter round: when these are part of a snapshot, the instant at which the snapshot began: every row
    ///   that the system still has is marked with it, also where nothing else changes.
    /// - Returns: one result for each observation, in order.
    package static func upsert(
        _ observations: [(entity: Entity, provenance: Provenance)], round: Instant? = nil, on connection: any Connection,
        at now: Instant
    ) throws -> [UpsertResult] {
        var results = [UpsertResult?](repeating: nil, count: observations.count)
        var waiting = Array(observations.indices)
        while !waiting.isEmpty {
            var pending = try heads(of: Set(waiting.map { observations[$0].entity.id }), on: connection)
            for index in waiting {
                let (entity, provenance) = observations[index]
                results[index] = try pending[entity.id, default: Pending()].take(entity, from: provenance, round: round)
            }
            let lost = try write(pending, round: round, on: connection, at: now)
            // Another transaction created these while we looked: their rows are there now, so look again.
            waiting = lost.isEmpty ? [] : waiting.filter { lost.contains(observations[$0].entity.id) }
        }
        return try results.map { result in
            guard let result else { throw Fault.defect("An observation of \(Entity.table) was given no result.") }
            return result
        }
    }

    private static func heads(of ids: Set<ID<Entity>>, on connection: any Connection) throws -> [ID<Entity>: Pending<Entity>] {
        let sorted = ids.sorted()  // All writers lock rows in the same order, so that none waits for another in a circle.
        let found = try connection.rows(forEach: sorted) { id in
            """
            SELECT version, digest, source_system, source_record, observed_at FROM \(identifier: Entity.table)
            WHERE id = \(id) \(.forUpdate)
            """
        } _: { row in
            Head(
                version: try row[0], digest: try row[1],
                provenance: Provenance(system: try row[2], observedAt: try row[4], record: try row[3]))
        }
        var heads: [ID<Entity>: Pending<Entity>] = [:]
        for (id, rows) in zip(sorted, found) { heads[id] = Pending(stored: rows.first) }
        return heads
    }

    /// - Returns: the ids of rows that could not be created because they are there by now.
    private static func write(
        _ pending: [ID<Entity>: Pending<Entity>], round: Instant?, on connection: any Connection, at now: Instant
    ) throws -> Set<ID<Entity>> {
        let sorted = pending.sorted { $0.key < $1.key }
        let created = sorted.filter { $0.value.change == .create }
        let counts = try connection.run(forEach: created) { id, pending in
            try insertion(id, pending.content(), round: round, at: now)
        }
        try connection.run(forEach: sorted.filter { $0.value.change == .update }) { id, pending in
            try update(id, pending.content(), round: round, at: now)
        }
        try connection.run(forEach: sorted.filter { $0.value.change == .touch }) { id, pending in
            let head = try pending.content().head
            return """
                UPDATE \(identifier: Entity.table) SET observed_at = \(head.provenance.observedAt),
                    source_record = \(head.provenance.record), round_at = COALESCE(\(round), round_at) WHERE id = \(id)
                """
        }
        return Set(zip(created, counts).filter { $0.1 == 0 }.map(\.0.key))
    }

    private static func insertion(_ id: ID<Entity>, _ content: Content, round: Instant?, at now: Instant) -> SQL {
        let head = content.head
        return """
            INSERT INTO \(identifier: Entity.table)
                (id, \(SQL.list(Entity.columns)), version, digest, source_system, source_record, observed_at, round_at,
                recorded_at)
            VALUES (\(id), \(SQL.joined(content.values.map { "\($0)" }, separator: ", ")), \(head.version), \(head.digest),
                \(head.provenance.system), \(head.provenance.record), \(head.provenance.observedAt), \(round ?? .epoch), \(now))
            ON CONFLICT (id) DO NOTHING
            """
    }

    private static func update(_ id: ID<Entity>, _ content: Content, round: Instant?, at now: Instant) -> SQL {
        let assignments = zip(Entity.columns, content.values).map { name, value -> SQL in "\(identifier: name) = \(value)" }
        let head = content.head
        return """
            UPDATE \(identifier: Entity.table) SET \(SQL.joined(assignments, separator: ", ")), version = \(head.version),
                digest = \(head.digest), source_system = \(head.provenance.system), source_record = \(head.provenance.record),
                observed_at = \(head.provenance.observedAt), round_at = COALESCE(\(round), round_at), recorded_at = \(now)
            WHERE id = \(id)
            """
    }
}
