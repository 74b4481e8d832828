import CanonicalModel
import Storage
import Vocabulary

/// An entity of which a complete snapshot tells by silence: what is not in it has gone.
package protocol ClosableEntity: StoredEntity {
    /// The rows that still say something: others need no closing.
    static var isOpen: SQL { get }
    /// This row once its system no longer has it.
    func closed() -> Self
}

extension Balance: ClosableEntity {
    package static var isOpen: SQL { "(on_hand <> 0 OR allocated <> 0 OR in_transit <> 0 OR on_order <> 0)" }

    /// A system that lists all its stock and does not list this has none of it.
    package func closed() -> Balance { Balance(item: item, location: location, onHand: .zero) }
}

extension SupplyLine: ClosableEntity {
    package static var isOpen: SQL { "state NOT IN ('received', 'cancelled')" }

    /// Received only when all of it was seen to arrive. Of the rest nobody can tell whether it came or was called off;
    /// to count on it would be the dearer mistake, so it is cancelled.
    package func closed() -> SupplyLine {
        var line = self
        line.state = received >= ordered ? .received : .cancelled
        return line
    }
}

extension Records where Entity: ClosableEntity {
    /// Closes rows of a system that its snapshot did not contain.
    ///
    /// Rows written after the snapshot began are left alone, since it may have passed their place before. So are rows
    /// that the snapshot did contain but that were refused: they are there, we only cannot read them.
    ///
    /// - Parameters:
    ///   - round: when the snapshot began; the instant that its rows were marked with.
    ///   - refusedRows: the system's own ids of rows that the snapshot contained and that were refused.
    ///   - limit: the most that are closed in this call; call again until it answers none.
    /// - Returns: the rows as they are now.
    package static func closeMissing(
        from system: ID<ExternalSystem>, round: Instant, keeping refusedRows: Set<String> = [], limit: Int = 1000,
        on connection: any Connection, at now: Instant
    ) throws -> [Stored<Entity>] {
        let keep: SQL =
            refusedRows.isEmpty ? "1 = 1" : "(source_record IS NULL OR source_record NOT IN (\(list: refusedRows.sorted())))"
        let missing = try connection.rows(
            """
            SELECT \(Stored<Entity>.columns()) FROM \(identifier: Entity.table)
            WHERE source_system = \(system) AND round_at < \(round) AND recorded_at < \(round) AND \(Entity.isOpen) AND \(keep)
            ORDER BY id LIMIT \(limit)
            """, Stored<Entity>.init(row:))
        let closed = missing.map { stored in
            let seen = max(stored.provenance.observedAt, round)
            return (
                entity: stored.entity.closed(),
                provenance: Provenance(system: system, observedAt: seen, record: stored.provenance.record)
            )
        }
        let results = try upsert(closed, round: round, on: connection, at: now)
        let written = zip(closed, results).filter { $0.1.writtenVersion != nil }.map(\.0.entity.id)
        return try get(written, on: connection).values.sorted { $0.entity.id < $1.entity.id }
    }
}
