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
        let head = try connection.first(
            """
            INSERT INTO audit_head (shard, sequence, hash) VALUES (\(shard), 0, \(chainStart))
            ON CONFLICT (shard) DO UPDATE SET sequence = audit_head.sequence RETURNING sequence, hash
            """
        ) { row in (sequence: try row[0] as Int64, hash: try row[1] as Digest) }
        guard var (sequence, hash) = head else { throw Fault.defect("The head of audit chain \(shard) answered nothing.") }
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

    /// Everything that was recorded about one subject, oldest first.
    package func records(about subject: String, on connection: any Connection) throws -> [AuditRecord] {
        try connection.rows(
            "SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND subject = \(subject) ORDER BY sequence",
            AuditRecord.init(row:))
    }
}
