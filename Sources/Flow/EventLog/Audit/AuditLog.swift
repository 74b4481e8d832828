import Storage
import Vocabulary

/// A chain of entries, each holding the hash of the one before it.
///
/// Whoever changes, removes or reorders an entry has to recompute every later one, and then contradicts the
/// signed checkpoints kept outside the database.
package struct AuditLog: Sendable {
    package let shard: Int

    package init(shard: Int = 0) {
        self.shard = shard
    }

    /// Adds entries in the caller's transaction; they exist once it is committed.
    ///
    /// Other appenders to the shard wait from here until then, so append last in the transaction.
    ///
    /// - Returns: the records as they were chained.
    @discardableResult
    package func append(_ entries: [AuditEntry], on connection: any Connection, at now: Instant) throws -> [AuditRecord] {
        guard !entries.isEmpty else { return [] }
        return try chain(entries, after: try lockHead(on: connection), on: connection, at: now)
    }

    /// Adds events to a log, and to the chain one entry that vouches for all of them, followed by `entries`.
    ///
    /// Call it last in the transaction, as `append`.
    package func append(
        _ events: [NewEvent], to log: EventLog, and entries: [AuditEntry], on connection: any Connection, at now: Instant
    ) throws {
        guard !events.isEmpty else {
            _ = try append(entries, on: connection, at: now)
            return
        }
        let placed = try log.place(events, on: connection, at: now)
        let head = try lockHead(on: connection)
        try log.store(placed, sealedBy: head.sequence + 1, on: connection)
        _ = try chain([try EventSeal(of: placed).entry] + entries, after: head, on: connection, at: now)
    }

    private typealias Head = (sequence: Int64, hash: Digest)

    private func lockHead(on connection: any Connection) throws -> Head {
        let head = try connection.first(
            """
            INSERT INTO audit_head (shard, sequence, hash) VALUES (\(shard), 0, \(chainStart))
            ON CONFLICT (shard) DO UPDATE SET sequence = audit_head.sequence RETURNING sequence, hash
            """
        ) { row in (sequence: try row[0] as Int64, hash: try row[1] as Digest) }
        guard let head else { throw Fault.defect("The head of audit chain \(shard) answered nothing.") }
        return head
    }

    private func chain(
        _ entries: [AuditEntry], after head: Head, on connection: any Connection, at now: Instant
    ) throws -> [AuditRecord] {
        var (sequence, hash) = head
        let records = entries.map { entry in
            sequence += 1
            let record = AuditRecord(entry, shard: shard, sequence: sequence, at: now, previous: hash)
            hash = record.hash
            return record
        }
        var rest = records.makeIterator()
        try connection.load(
            into: "audit_entry",
            columns: ["shard", "sequence", "at", "kind", "subject", "actor", "body", "previous", "hash"]
        ) {
            guard let record = rest.next() else { return nil }
            return [
                record.shard.sqlValue, record.sequence.sqlValue, record.at.sqlValue, record.kind.sqlValue,
                record.subject.sqlValue, record.actor.sqlValue, record.body.sqlValue, record.previous.sqlValue,
                record.hash.sqlValue,
            ]
        }
        try connection.run("UPDATE audit_head SET sequence = \(sequence), hash = \(hash) WHERE shard = \(shard)")
        return records
    }

    /// Everything that was recorded about one subject, oldest first: its own entries, and the deeds that sealed events tell.
    package func records(about subject: String, on connection: any Connection) throws -> [AuditRecord] {
        let own = try connection.rows(
            "SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND subject = \(subject) ORDER BY sequence",
            AuditRecord.init(row:))
        let told = try connection.rows(
            """
            SELECT \(SealedEvent.columns), seal.sequence, seal.previous, seal.hash
            FROM event JOIN audit_entry AS seal ON seal.shard = event.shard AND seal.sequence = event.seal
            WHERE event.shard = \(shard) AND event.subject = \(subject) AND event.actor IS NOT NULL ORDER BY event.position
            """
        ) { row in
            AuditRecord(
                try SealedEvent(row: row), sealedBy: (sequence: try row[11], previous: try row[12], hash: try row[13]))
        }
        // Both are in order already; an entry of one transaction comes after the events that it sealed.
        return (told + own).enumerated().sorted { ($0.element.sequence, $0.offset) < ($1.element.sequence, $1.offset) }
            .map(\.element)
    }
}
