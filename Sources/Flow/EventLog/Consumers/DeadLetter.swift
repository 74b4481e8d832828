import Storage
import Vocabulary

/// An event that a consumer could not take, with the reason.
///
/// The event itself stays in the log; this is the state of its delivery to one consumer.
package struct DeadLetter: Hashable, Sendable {
    package let consumer: String
    package let event: Event
    package let state: DeliveryState
    package let attempts: Int
    /// When it is tried again, while it waits.
    package let dueAt: Instant
    /// The code of the last fault.
    package let code: String?
    package let reason: String?
    package let discardReason: String?
    /// How often somebody asked for it to be delivered again.
    package let replays: Int
    package let since: Instant
    package let updatedAt: Instant

    init(row: Row) throws {
        event = try Event(row: row)
        (consumer, state, attempts, dueAt) = (try row[10], try row[11], try row[12], try row[13])
        (code, reason, discardReason) = (try row[14], try row[15], try row[16])
        (replays, since, updatedAt) = (try row[17], try row[18], try row[19])
    }
}

extension EventLog {
    /// Events that were given up, oldest first.
    ///
    /// - Parameters:
    ///   - consumer: nil for all.
    ///   - state: `waiting` for those that are still being tried, `discarded` for those nobody wants.
    package func deadLetters(
        of consumer: String? = nil, state: DeliveryState = .dead, after position: Int64 = 0, limit: Int = 100,
        on connection: any Connection
    ) throws -> [DeadLetter] {
        let ofConsumer: SQL = consumer.map { " AND delivery.consumer = \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT \(Event.columns), delivery.consumer, delivery.state, delivery.attempts, delivery.due_at, delivery.code,
                   delivery.reason, delivery.discard_reason, delivery.replays, delivery.created_at, delivery.updated_at
            FROM delivery JOIN event ON event.shard = delivery.shard AND event.position = delivery.position
            WHERE delivery.shard = \(shard) AND delivery.state = \(state) AND delivery.position > \(position)\(ofConsumer)
            ORDER BY delivery.position, delivery.consumer LIMIT \(limit)
            """, DeadLetter.init(row:))
    }

    /// Has a dead letter delivered once more, under the event's own id; it arrives after newer events of its subject.
    ///
    /// - Throws: `input.notFound` when there is none.
    package func retryDeadLetter(
        of consumer: String, at position: Int64, on connection: any Connection, at now: Instant
    ) throws {
        let count = try retry(of: consumer, "AND position = \(position)", on: connection, at: now)
        guard count == 1 else { throw Fault.notFound("A dead letter of \(consumer) at position \(position)") }
    }

    /// Has all dead letters of a consumer delivered once more, in their order.
    ///
    /// - Returns: how many.
    @discardableResult
    package func retryDeadLetters(of consumer: String, on connection: any Connection, at now: Instant) throws -> Int {
        try retry(of: consumer, "", on: connection, at: now)
    }

    private func retry(
        of consumer: String, _ condition: SQL, on connection: any Connection, at now: Instant
    ) throws -> Int {
        try connection.run(
            """
            UPDATE delivery SET state = \(DeliveryState.waiting), attempts = 0, due_at = \(now), replays = replays + 1,
                updated_at = \(now)
            WHERE consumer = \(consumer) AND shard = \(shard) AND state = \(DeliveryState.dead) \(condition)
            """)
    }

    /// Declares that a dead letter will never be delivered; the row stays, with the reason.
    ///
    /// - Throws: `input.notFound` when there is none, `input.invalid` without a reason.
    package func discardDeadLetter(
        of consumer: String, at position: Int64, because reason: String, on connection: any Connection, at now: Instant
    ) throws {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw Fault.invalid("reason", found: reason, expected: "why nobody needs this event")
        }
        let count = try connection.run(
            """
            UPDATE delivery SET state = \(DeliveryState.discarded), discard_reason = \(reason), updated_at = \(now)
            WHERE consumer = \(consumer) AND shard = \(shard) AND position = \(position) AND state = \(DeliveryState.dead)
            """)
        guard count == 1 else { throw Fault.notFound("A dead letter of \(consumer) at position \(position)") }
    }
}
