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
        let placed = try place(events, on: connection, at: now)
        try store(placed, sealedBy: nil, on: connection)
        return placed.map(\.event.position)
    }

    /// Gives events their places; the shard's head is locked from here on.
    func place(_ events: [NewEvent], on connection: any Connection, at now: Instant) throws -> [SealedEvent] {
        let head: Int64? = try connection.value(
            """
            INSERT INTO event_head (shard, position) VALUES (\(shard), \(events.count))
            ON CONFLICT (shard) DO UPDATE SET position = event_head.position + excluded.position RETURNING position
            """)
        guard let head else { throw Fault.defect("The head of event log \(shard) answered no position.") }
        let first = head - Int64(events.count) + 1
        let mark = EventID.mark(by: randomness)
        return events.enumerated().map { offset, event in
            let position = first + Int64(offset)
            return SealedEvent(
                event: Event(
                    shard: shard, position: position, id: EventID.text(mark, shard: shard, position: position), type: event.type,
                    subject: event.subject, source: event.source, time: now, key: event.key, trace: event.trace,
                    data: event.data),
                actor: event.actor)
        }
    }

    /// Writes events down at the places they were given.
    ///
    /// - Parameter seal: the sequence of the entry in the audit chain that vouches for them.
    func store(_ placed: [SealedEvent], sealedBy seal: Int64?, on connection: any Connection) throws {
        guard let first = placed.first?.event else { return }
        var rest = placed.makeIterator()
        try connection.load(
            into: "event",
            columns: ["shard", "position", "id", "type", "subject", "source", "at", "key", "trace", "data", "actor", "seal"]
        ) {
            guard let one = rest.next() else { return nil }
            let event = one.event
            return [
                event.shard.sqlValue, event.position.sqlValue, event.id.sqlValue, event.type.sqlValue, event.subject.sqlValue,
                event.source.sqlValue, event.time.sqlValue, event.key?.sqlValue ?? .null, event.trace?.sqlValue ?? .null,
                event.data.sqlValue, one.actor?.sqlValue ?? .null, seal?.sqlValue ?? .null,
            ]
        }
        try connection.run(
            "INSERT INTO event_moment (shard, at, position) VALUES (\(shard), \(first.time), \(first.position))")
    }

    /// The position of the last event; 0 while there is none.
    package func head(on connection: any Connection) throws -> Int64 {
        try connection.value("SELECT position FROM event_head WHERE shard = \(shard)") ?? 0
    }
}

/// An event's id tells its place, so that it is found without an index of its own: `e` and 16 digits of chance, which are the
/// same for all events of a transaction, then shard and position.
///
/// The chance keeps it unique for ever, also when a database was put back and gives the same position to another event.
enum EventID {
    static func mark(by randomness: Randomness) -> String {
        let digits = String(randomness.next(), radix: 16)
        return "e" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func text(_ mark: String, shard: Int, position: Int64) -> String { "\(mark).\(shard).\(position)" }

    /// Nil for one of the ids before there were such ones.
    static func place(in id: String) -> (shard: Int, position: Int64)? {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasPrefix("e"), let shard = Int(parts[1]), let position = Int64(parts[2]) else {
            return nil
        }
        return (shard, position)
    }
}
