import Storage
import Vocabulary

/// What carries events to a broker.
///
/// The database stays the truth: a broker that lost everything is filled again by rewinding its cursor.
package protocol OutboxRelay: Sendable {
    /// Under which its cursor is kept.
    var name: String { get }

    /// Hands events over in their order.
    ///
    /// - Returns: how many, from the first on, the broker says it has stored.
    func publish(_ events: [Event]) async throws -> Int
}

/// The events that a relay has not published yet: the view `outbox` in the database.
package struct Outbox: Sendable {
    package let log: EventLog

    package init(_ log: EventLog) {
        self.log = log
    }

    /// The next events for a relay; a relay that is not known yet begins with the first event.
    package func pending(for relay: String, limit: Int, on connection: any Connection) throws -> [Event] {
        guard try published(by: relay, on: connection) != nil else {
            return try log.events(after: 0, limit: limit, on: connection)
        }
        return try connection.rows(
            """
            SELECT \(Event.columns) FROM outbox AS event WHERE event.relay = \(relay) AND event.shard = \(log.shard)
            ORDER BY event.position LIMIT \(limit)
            """, Event.init(row:))
    }

    /// Up to where a relay has published; nil while it is not known.
    package func published(by relay: String, on connection: any Connection) throws -> Int64? {
        try connection.value("SELECT published FROM outbox_cursor WHERE relay = \(relay) AND shard = \(log.shard)")
    }

    /// Publishes up to `limit` events, at least once each: when this program dies before the cursor has moved, they
    /// are published again, under the same ids.
    ///
    /// - Returns: how many the broker has stored.
    /// - Throws: what the relay throws, after which nothing has moved.
    @discardableResult
    package func publish(
        through relay: some OutboxRelay, in database: any Database, limit: Int = 500, clock: WallClock
    ) async throws -> Int {
        let events = try await database.read { connection in try pending(for: relay.name, limit: limit, on: connection) }
        guard !events.isEmpty else { return 0 }
        let stored = min(max(try await relay.publish(events), 0), events.count)
        guard stored > 0 else { return 0 }
        let (name, position) = (relay.name, events[stored - 1].position)
        try await database.write { connection in
            // Two at once publish twice, which ids make harmless; the cursor never goes back by it.
            try connection.run(
                """
                INSERT INTO outbox_cursor (relay, shard, published, updated_at)
                VALUES (\(name), \(log.shard), \(position), \(clock.now()))
                ON CONFLICT (relay, shard) DO UPDATE SET published = excluded.published, updated_at = excluded.updated_at
                WHERE outbox_cursor.published < excluded.published
                """)
        }
        return stored
    }

    /// Has everything after `position` published again; 0 for everything there is.
    package func rewind(_ relay: String, to position: Int64, on connection: any Connection, at now: Instant) throws {
        try connection.run(
            """
            INSERT INTO outbox_cursor (relay, shard, published, updated_at)
            VALUES (\(relay), \(log.shard), \(position), \(now))
            ON CONFLICT (relay, shard) DO UPDATE SET published = excluded.published, updated_at = excluded.updated_at
            """)
    }
}
