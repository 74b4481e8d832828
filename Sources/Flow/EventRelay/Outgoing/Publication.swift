import EventLog
import Logging
import Storage
import Vocabulary

/// Publishes what the log gains, and fills a stream again that does not hold what was published to it.
package actor Publication {
    private let relays: [JetStreamRelay]
    private let link: BrokerLink
    private let database: any Database
    private let logs: [EventLog]
    private let clock: WallClock
    private let logger: Logger
    private var compared: Instant?

    /// How many of the last messages are compared word by word when a process begins to publish.
    package static let depthAtStart: Int64 = 2000
    private static let pauseBetweenComparisons = Duration.seconds(10)

    package init(
        _ logs: [EventLog], in database: any Database, settings: RelaySettings, clock: WallClock, logger: Logger
    ) {
        let link = BrokerLink(settings.address)
        self.link = link
        self.logs = logs
        relays = logs.map { JetStreamRelay(link, settings, shard: $0.shard) }
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    package func close() async {
        await link.close()
    }

    /// Publishes one batch of each shard.
    ///
    /// - Returns: how many events the broker has stored.
    package func run(limit: Int = 500) async throws -> Int {
        if compared.map({ clock.now() - $0 >= Self.pauseBetweenComparisons }) ?? true {
            try await mend(depth: compared == nil ? Self.depthAtStart : 0)
            compared = clock.now()
        }
        var stored = 0
        for (log, relay) in zip(logs, relays) {
            do {
                stored += try await Outbox(log).publish(through: relay, in: database, limit: limit, clock: clock)
            } catch let fault as Fault where fault.code == .streamDiffers {
                logger.warning("\(fault.message)")
                try await rebuild(relay, log)
            }
        }
        return stored
    }

    /// Compares every shard's stream with its log, and has those that differ filled again.
    ///
    /// - Returns: what was found for each shard.
    @discardableResult
    package func mend(depth: Int64) async throws -> [StreamComparison.Finding] {
        var findings: [StreamComparison.Finding] = []
        for (log, relay) in zip(logs, relays) {
            let finding = try await StreamComparison(relay: relay, log: log, database: database).run(depth: depth)
            findings.append(finding)
            guard finding != .equal else { continue }
            if finding != .missing {
                logger.warning(
                    "the stream differs from the log", metadata: ["stream": "\(relay.stream.name)", "by": "\(finding)"])
            }
            try await rebuild(relay, log)
        }
        return findings
    }

    /// Makes the stream anew and has everything published again under the same ids; receivers know what they had by them.
    private func rebuild(_ relay: JetStreamRelay, _ log: EventLog) async throws {
        try await link.delete(relay.stream.name)
        try await link.prepare(relay.stream)
        let now = clock.now()
        try await database.write { connection in try Outbox(log).rewind(relay.name, to: 0, on: connection, at: now) }
    }
}
