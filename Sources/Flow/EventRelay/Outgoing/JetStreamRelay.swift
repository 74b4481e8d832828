import EventLog
import Vocabulary

/// Carries one shard's events to its JetStream stream; message n of the stream is event n of the log.
package struct JetStreamRelay: OutboxRelay {
    package let name: String
    let link: BrokerLink
    let settings: RelaySettings
    let shard: Int

    package init(_ link: BrokerLink, _ settings: RelaySettings, shard: Int) {
        name = "nats:\(settings.prefix)"
        self.link = link
        self.settings = settings
        self.shard = shard
    }

    package var stream: StreamPlan { settings.events(shard: shard) }

    /// - Throws: `relay.streamDiffers` when the stream lacks what was published before.
    package func publish(_ events: [Event]) async throws -> Int {
        guard let first = events.first else { return 0 }
        let messages = try events.map { event in
            OutgoingMessage(
                subject: settings.subject(shard: shard, type: event.type), id: event.id, body: try event.cloudEvent,
                sequence: event.position)
        }
        var reached = try await link.publish(messages)
        if reached < first.position {
            // Another replica was faster, or the stream is not the one that we knew.
            let standing = try await link.standing(of: stream.name)
            reached = standing?.last ?? 0
            guard reached >= first.position - 1 else {
                throw Fault(
                    .streamDiffers, .retry(),
                    "The stream \(stream.name) ends at \(reached), and events up to \(first.position - 1) were published to it.")
            }
        }
        return Int(min(max(reached - first.position + 1, 0), Int64(events.count)))
    }
}
