import Storage
import Vocabulary

/// Where a consumer stands, read under its lock.
struct ConsumerOffset: Sendable {
    let position: Int64
    /// Rises whenever the right to deliver passes on: who holds an older one can move nothing.
    let epoch: Int64

    init(row: Row) throws {
        position = try row[0]
        epoch = try row[1]
    }
}

extension Fault.Code {
    /// The right to deliver to a consumer passed to somebody else, or the consumer was rewound, while a batch was out.
    package static let consumerLeaseLost = Self("events.consumerLeaseLost")
    /// There is no consumer of that name.
    package static let consumerUnknown = Self("events.consumerUnknown")
}

extension Fault {
    static func consumerLeaseLost(_ name: String) -> Fault {
        Fault(.consumerLeaseLost, .retry(), "Consumer \(name) was taken over or rewound while a batch was with its handler.")
    }

    static func consumerUnknown(_ name: String) -> Fault {
        Fault(.consumerUnknown, .reject, "There is no consumer \(name).")
    }
}

extension EventLog {
    /// The position of the last event that a consumer is taken to have.
    ///
    /// - Throws: `events.consumerUnknown`.
    package func position(of consumer: String, on connection: any Connection) throws -> Int64 {
        let position: Int64? = try connection.value("SELECT position FROM consumer WHERE name = \(consumer) AND shard = \(shard)")
        guard let position else { throw Fault.consumerUnknown(consumer) }
        return position
    }

    /// Makes sure that the consumer has an offset.
    func register(_ consumer: Consumer, on connection: any Connection, at now: Instant) throws {
        let start =
            switch consumer.start {
            case .firstEvent: Int64(0)
            case .nextEvent: try head(on: connection)
            }
        try connection.run(
            """
            INSERT INTO consumer (name, shard, position, updated_at, lease_holder, lease_until, epoch)
            VALUES (\(consumer.name), \(shard), \(start), \(now), NULL, 0, 0) ON CONFLICT (name, shard) DO NOTHING
            """)
    }

    /// Locks the consumer until the transaction ends; nil while somebody holds a lease on it.
    func lock(_ consumer: Consumer, on connection: any Connection, at now: Instant) throws -> ConsumerOffset? {
        try connection.first(
            """
            UPDATE consumer SET updated_at = \(now) WHERE name = \(consumer.name) AND shard = \(shard) AND lease_until <= \(now)
            RETURNING position, epoch
            """, ConsumerOffset.init(row:))
    }

    /// Takes the right to deliver beyond this transaction; nil while somebody else has it.
    func lease(_ consumer: Consumer, to holder: String, on connection: any Connection, at now: Instant) throws -> ConsumerOffset?
    {
        try connection.first(
            """
            UPDATE consumer SET lease_holder = \(holder), lease_until = \(now + consumer.lease), epoch = epoch + 1,
                updated_at = \(now)
            WHERE name = \(consumer.name) AND shard = \(shard) AND lease_until <= \(now) RETURNING position, epoch
            """, ConsumerOffset.init(row:))
    }

    /// Locks the consumer for who holds the lease of `epoch`, and gives it another full time.
    ///
    /// - Throws: `events.consumerLeaseLost` when that is no longer the one.
    func relock(_ consumer: Consumer, epoch: Int64, on connection: any Connection, at now: Instant) throws -> ConsumerOffset {
        let offset = try connection.first(
            """
            UPDATE consumer SET lease_until = \(now + consumer.lease), updated_at = \(now)
            WHERE name = \(consumer.name) AND shard = \(shard) AND epoch = \(epoch) RETURNING position, epoch
            """, ConsumerOffset.init(row:))
        guard let offset else { throw Fault.consumerLeaseLost(consumer.name) }
        return offset
    }

    /// Gives the right to deliver back, unless it has passed on already.
    func release(_ consumer: Consumer, epoch: Int64, on connection: any Connection) throws {
        try connection.run(
            """
            UPDATE consumer SET lease_holder = NULL, lease_until = 0
            WHERE name = \(consumer.name) AND shard = \(shard) AND epoch = \(epoch)
            """)
    }

    func move(_ consumer: Consumer, to position: Int64, on connection: any Connection) throws {
        try connection.run("UPDATE consumer SET position = \(position) WHERE name = \(consumer.name) AND shard = \(shard)")
    }
}
