import Storage
import Vocabulary

/// Where the events of a batch come from.
enum DeliveryOrigin: Sendable {
    /// Those put aside: they failed before, waited behind one that failed, or are replayed.
    case putAside
    /// Those after the consumer's offset.
    case log
}

/// A batch of events for one consumer.
struct DeliveryBatch: Sendable {
    let origin: DeliveryOrigin
    let events: [Event]
    /// Not delivered now, because an earlier event of their subject waits.
    let heldBack: [Event]
    /// The offset once the batch is settled.
    let upTo: Int64

    var isEmpty: Bool { events.isEmpty && heldBack.isEmpty }
}

/// What becomes of an event in `delivery`.
package enum DeliveryState: String, SQLRepresentable, Sendable {
    case waiting, dead, discarded
}

extension EventLog {
    /// The next events for the consumer.
    func batch(
        from origin: DeliveryOrigin, for consumer: Consumer, at offset: ConsumerOffset, limit: Int,
        on connection: any Connection, at now: Instant
    ) throws -> DeliveryBatch {
        switch origin {
        case .putAside:
            let events = try connection.rows(dueEvents(for: consumer, limit: limit, at: now), Event.init(row:))
            return DeliveryBatch(origin: origin, events: events, heldBack: [], upTo: offset.position)
        case .log:
            guard try waiting(for: consumer, on: connection) < consumer.waitingLimit else {
                return DeliveryBatch(origin: origin, events: [], heldBack: [], upTo: offset.position)
            }
            // The head is read first: what is committed in between has a later position.
            let head = try head(on: connection)
            let events = try events(after: offset.position, limit: limit, matching: consumer.filter, on: connection)
                .filter { $0.position <= head }
            let blocked = try blockedSubjects(among: events, for: consumer, on: connection)
            return DeliveryBatch(
                origin: origin, events: events.filter { !blocked.contains($0.subject) },
                heldBack: events.filter { blocked.contains($0.subject) },
                upTo: events.count < limit ? max(head, offset.position) : events.last?.position ?? offset.position)
        }
    }

    /// Events put aside that are due, unless an earlier one of the same subject is not.
    private func dueEvents(for consumer: Consumer, limit: Int, at now: Instant) -> SQL {
        """
        SELECT \(Event.columns) FROM delivery
        JOIN event ON event.shard = delivery.shard AND event.position = delivery.position
        WHERE delivery.consumer = \(consumer.name) AND delivery.shard = \(shard)
          AND delivery.state = \(DeliveryState.waiting) AND delivery.due_at <= \(now)
          AND NOT EXISTS (
            SELECT 1 FROM delivery AS earlier
            WHERE earlier.consumer = delivery.consumer AND earlier.shard = delivery.shard
              AND earlier.state = \(DeliveryState.waiting) AND earlier.subject = delivery.subject
              AND earlier.position < delivery.position AND earlier.due_at > \(now))
        ORDER BY delivery.position LIMIT \(limit)
        """
    }

    private func waiting(for consumer: Consumer, on connection: any Connection) throws -> Int {
        try connection.value(
            """
            SELECT COUNT(*) FROM delivery
            WHERE consumer = \(consumer.name) AND shard = \(shard) AND state = \(DeliveryState.waiting)
            """) ?? 0
    }

    private func blockedSubjects(
        among events: [Event], for consumer: Consumer, on connection: any Connection
    ) throws -> Set<String> {
        guard !events.isEmpty else { return [] }
        return Set(
            try connection.values(
                """
                SELECT DISTINCT subject FROM delivery
                WHERE consumer = \(consumer.name) AND shard = \(shard) AND state = \(DeliveryState.waiting)
                  AND subject IN (\(list: Set(events.map(\.subject)).sorted()))
                """))
    }

    /// Records that the batch was handled.
    func settle(_ batch: DeliveryBatch, for consumer: Consumer, on connection: any Connection, at now: Instant) throws {
        switch batch.origin {
        case .putAside:
            try connection.run(forEach: batch.events) { event in
                "DELETE FROM delivery WHERE consumer = \(consumer.name) AND shard = \(shard) AND position = \(event.position)"
            }
        case .log:
            try putAside(batch.heldBack, for: consumer, on: connection, at: now)
            try move(consumer, to: batch.upTo, on: connection)
        }
    }

    /// Puts events aside that are due at once, behind whatever waits of their subject.
    private func putAside(_ events: [Event], for consumer: Consumer, on connection: any Connection, at now: Instant) throws {
        try connection.run(forEach: events) { event in
            """
            INSERT INTO delivery
                (consumer, shard, position, subject, state, attempts, due_at, replays, created_at, updated_at)
            VALUES (\(consumer.name), \(shard), \(event.position), \(event.subject), \(DeliveryState.waiting), 0, \(now), 0,
                    \(now), \(now))
            ON CONFLICT (consumer, shard, position) DO UPDATE SET
                state = excluded.state, due_at = excluded.due_at, updated_at = excluded.updated_at
            """
        }
    }

    /// Records that an event, alone in its batch, failed: it is tried again later, or given up.
    ///
    /// - Returns: what became of it.
    func fail(
        _ event: Event, of batch: DeliveryBatch, for consumer: Consumer, because error: any Error,
        on connection: any Connection, at now: Instant
    ) throws -> DeliveryState {
        try putAside([event], for: consumer, on: connection, at: now)
        let before: Int? = try connection.value(
            """
            SELECT attempts FROM delivery
            WHERE consumer = \(consumer.name) AND shard = \(shard) AND position = \(event.position)
            """)
        let attempts = (before ?? 0) + 1
        let failure = DeliveryFailure(error)
        let state: DeliveryState = failure.isLasting || attempts >= consumer.retries.attempts ? .dead : .waiting
        let due = now + consumer.retries.wait(after: attempts, atLeast: failure.wait, randomness: randomness)
        try connection.run(
            """
            UPDATE delivery SET state = \(state), attempts = \(attempts), due_at = \(due), code = \(failure.code),
                reason = \(failure.reason), updated_at = \(now)
            WHERE consumer = \(consumer.name) AND shard = \(shard) AND position = \(event.position)
            """)
        if batch.origin == .log { try move(consumer, to: batch.upTo, on: connection) }
        return state
    }

    /// When the next event put aside may be tried; nil when none waits.
    func nextDue(for consumer: Consumer, on connection: any Connection) throws -> Instant? {
        try connection.value(
            """
            SELECT due_at FROM delivery
            WHERE consumer = \(consumer.name) AND shard = \(shard) AND state = \(DeliveryState.waiting) ORDER BY due_at LIMIT 1
            """)
    }
}

/// What a handler's error means for the event that it was given.
struct DeliveryFailure {
    let code: String
    let reason: String
    /// How long the receiver asked to be left alone.
    let wait: Duration?
    /// Trying again would change nothing.
    let isLasting: Bool

    init(_ error: any Error) {
        guard let fault = error as? Fault else {
            (code, wait, isLasting) = ("events.handlerFailed", nil, false)
            reason = String("\(error)".prefix(2000))
            return
        }
        code = fault.code.name
        reason = String(fault.message.prefix(2000))
        switch fault.disposition {
        case .retry(let after): (wait, isLasting) = (after, false)
        case .reject, .review: (wait, isLasting) = (nil, true)
        }
    }

    /// Whether the error says nothing about the event: the database is away, or we are told to stop.
    static func isOurs(_ error: any Error) -> Bool {
        if error is CancellationError { return true }
        guard let fault = error as? Fault else { return false }
        let ours: [Fault.Code] = [
            .storageUnavailable, .storageFull, .storageCommitUnknown, .storageLocked, .consumerLeaseLost,
        ]
        return ours.contains(fault.code)
    }
}
