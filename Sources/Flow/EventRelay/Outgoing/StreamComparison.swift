import EventLog
import Storage
import Vocabulary

/// Whether a stream holds what the event log holds up to where it was published.
package struct StreamComparison: Sendable {
    package enum Finding: Hashable, Sendable {
        case equal
        case missing
        /// Counted by the broker, against the events that were published.
        case counts(found: Int64, expected: Int64)
        /// The message of the stream that is not the event of the log at this position.
        case content(position: Int64)
    }

    let relay: JetStreamRelay
    let log: EventLog
    let database: any Database

    /// Compares counts and ends, and, when asked to, ids and bodies message by message.
    ///
    /// - Parameter depth: how many of the last messages are read; 0 for none.
    package func run(depth: Int64) async throws -> Finding {
        // Another replica may publish meanwhile: what bounds the stream from below is read before it, what bounds it from
        // above after it.
        let published = try await database.read { [relay, log] connection in
            try Outbox(log).published(by: relay.name, on: connection) ?? 0
        }
        guard let standing = try await relay.link.standing(of: relay.stream.name) else { return .missing }
        let head = try await database.read { [log] connection in try log.head(on: connection) }
        // Between publishing and moving the cursor a process may have died: the stream may be ahead of it.
        guard standing.count == standing.last, standing.last >= published, standing.last <= head else {
            return .counts(found: standing.count, expected: published)
        }
        var position = max(0, standing.last - depth)
        while position < standing.last {
            let events = try await database.read { [log, position] connection in
                try log.events(after: position, limit: 500, on: connection)
            }
            for event in events where event.position <= standing.last {
                let message = try await relay.link.message(event.position, of: relay.stream.name)
                let body = try event.cloudEvent
                guard let message, message.id == event.id, message.body == Array(body.utf8) else {
                    return .content(position: event.position)
                }
            }
            guard let last = events.last else { break }
            position = last.position
        }
        return .equal
    }
}
