import Storage
import Vocabulary

/// Everything that happened, in one order that never changes afterwards.
///
/// A position is given out under a lock on the shard's head row that is held until the transaction commits,
/// and the head goes back when it does not. Positions are therefore gapless and in commit order on both
/// databases: who has read up to a position can never be overtaken by an event that committed late.
package struct EventLog: Sendable {
    /// Which of several independent logs; each has positions of its own.
    package let shard: Int
    let randomness: Randomness

    package init(shard: Int = 0, randomness: Randomness) {
        self.shard = shard
        self.randomness = randomness
    }

    /// Adds events in the caller's transaction; they exist once it is committed.
    ///
    /// Other appenders to the shard wait from here until then, so append last in the transaction, and
    /// events before audit entries.
    ///
    /// - Returns: the events' positions, in their order.
    @discardableResult
    package func append(_ events: [NewEvent], on connection: any Connection, at now: Instant) throws -> [Int64] {
        guard !events.isEmpty else { return [] }
        let head: Int64? = try connection.value(
            """
            INSERT INTO event_head (shard, position) VALUES (\(shard), \(events.count))
            ON CONFLICT (shard) DO UPDATE SET position = event_head.position + excluded.position RETURNING position
            """)
        guard let head else { throw Fault.defect("The head of event log \(shard) answered no position.") }
        let first = head - Int64(events.count) + 1
        var rest = events.enumerated().makeIterator()
        try connection.load(
            into: "event", columns: ["shard", "position", "id", "type", "subject", "source", "at", "key", "trace", "data"]
        ) {
            guard let (offset, event) = rest.next() else { return nil }
            return [
                shard.sqlValue, (first + Int64(offset)).sqlValue, randomness.identifier(at: now).sqlValue, event.type.sqlValue,
                event.subject.sqlValue, event.source.sqlValue, now.sqlValue, event.key?.sqlValue ?? .null,
                event.trace?.sqlValue ?? .null, event.data.sqlValue,
            ]
        }
        return Array(first...head)
    }

    /// The position of the last event; 0 while there is none.
    package func head(on connection: any Connection) throws -> Int64 {
        try connection.value("SELECT position FROM event_head WHERE shard = \(shard)") ?? 0
    }
}
