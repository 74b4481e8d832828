import Storage
import Vocabulary

/// From where a consumer is told again.
package enum ReplayPoint: Sendable {
    /// That event and all after it.
    case position(Int64)
    /// Everything since that moment.
    case instant(Instant)
    /// Only what matches, and only of what the consumer has been told already; its offset stays.
    case filter(EventFilter)
}

extension EventLog {
    /// Lets a consumer be told again; the events keep their ids, so a receiver can tell that they are repeated.
    ///
    /// A batch that is being delivered at the same time is fenced off and delivered again.
    ///
    /// - Returns: how many events will be delivered again at most, before the consumer's own filter.
    /// - Throws: `events.consumerUnknown`; `input.invalid` for a position that the log does not have.
    @discardableResult
    package func replay(
        _ consumer: String, from point: ReplayPoint, on connection: any Connection, at now: Instant
    ) throws -> Int {
        let offset = try connection.first(
            """
            UPDATE consumer SET epoch = epoch + 1, lease_holder = NULL, lease_until = 0, updated_at = \(now)
            WHERE name = \(consumer) AND shard = \(shard) RETURNING position, epoch
            """, ConsumerOffset.init(row:))
        guard let offset else { throw Fault.consumerUnknown(consumer) }
        switch point {
        case .position(let position):
            let head = try head(on: connection)
            guard (1...head + 1).contains(position) else {
                throw Fault.invalid("position", found: "\(position)", expected: "a position from 1 to \(head + 1)")
            }
            return try rewind(consumer, from: offset, to: position - 1, on: connection)
        case .instant(let instant):
            return try rewind(consumer, from: offset, to: try position(before: instant, on: connection), on: connection)
        case .filter(let filter):
            return try connection.run(
                """
                INSERT INTO delivery
                    (consumer, shard, position, subject, state, attempts, due_at, replays, created_at, updated_at)
                SELECT \(consumer), event.shard, event.position, event.subject, \(DeliveryState.waiting), 0, \(now), 1,
                       \(now), \(now)
                FROM event WHERE event.shard = \(shard) AND event.position <= \(offset.position)\(filter.conditions)
                ON CONFLICT (consumer, shard, position) DO UPDATE SET
                    state = excluded.state, attempts = 0, due_at = excluded.due_at, replays = delivery.replays + 1,
                    updated_at = excluded.updated_at
                """)
        }
    }

    /// Sets the offset back, or forward over what nobody wants to hear of; what was put aside comes with the rest.
    private func rewind(
        _ consumer: String, from offset: ConsumerOffset, to position: Int64, on connection: any Connection
    ) throws -> Int {
        try connection.run("UPDATE consumer SET position = \(position) WHERE name = \(consumer) AND shard = \(shard)")
        try connection.run(
            """
            DELETE FROM delivery WHERE consumer = \(consumer) AND shard = \(shard) AND position > \(position)
              AND state IN (\(DeliveryState.waiting), \(DeliveryState.dead))
            """)
        return Int(max(0, offset.position - position))
    }
}
