import CanonicalModel
import ConnectorKit
import Cycles
import EventLog
import Storage
import Vocabulary

/// Takes warehouse events from the broker: they are acknowledged after the transaction that stores them is committed.
package struct WarehouseIntake: Sendable {
    let link: BrokerLink
    let settings: RelaySettings
    let database: any Database
    let log: EventLog
    let clock: WallClock

    package init(
        _ link: BrokerLink, _ settings: RelaySettings, into database: any Database, log: EventLog, clock: WallClock
    ) {
        self.link = link
        self.settings = settings
        self.database = database
        self.log = log
        self.clock = clock
    }

    /// Reads one batch.
    ///
    /// - Returns: how many messages were read.
    /// - Throws: what keeps the whole batch from being stored; the broker hands it out again.
    package func run(limit: Int = 500, consumer: ConsumerPlan? = nil, milliseconds: Int64 = 500) async throws -> Int {
        try await link.prepare(settings.warehouse)
        return try await link.fetch(
            consumer ?? settings.warehouseConsumer, limit: limit, milliseconds: milliseconds
        ) { messages in try await store(messages) }
    }

    /// Stores messages; what can never be stored is kept as poison, and its neighbours are not held up by it.
    package func store(_ messages: [IncomingMessage]) async throws -> [Receipt] {
        let now = clock.now()
        do {
            return try await database.write { connection in try store(messages, connection, now) }
        } catch let fault as Fault {
            if case .retry = fault.disposition { throw fault }
            guard messages.count > 1 else {
                // A statement that the database refuses is rather our fault than the message's: tried again for a while.
                if fault.code == .storageDefect || fault.code == .storageSchema, messages.allSatisfy({ $0.deliveries < 20 }) {
                    return messages.map { _ in .later }
                }
                try await database.write { connection in
                    for message in messages { try PoisonMessage.keep(message, because: fault, on: connection, at: now) }
                }
                return messages.map { _ in .givenUp }
            }
            let half = messages.count / 2
            let first = try await store(Array(messages[..<half]))
            return first + (try await store(Array(messages[half...])))
        }
    }

    private func store(_ messages: [IncomingMessage], _ connection: any Connection, _ now: Instant) throws -> [Receipt] {
        var receipts: [Receipt] = []
        var fresh: [WarehouseEvent] = []
        for message in messages {
            do {
                let event = try WarehouseEvent(message)
                if try isNew(event, connection, now) { fresh.append(event) }
                receipts.append(.taken)
            } catch let fault as Fault where fault.disposition == .reject {
                try PoisonMessage.keep(message, because: fault, on: connection, at: now)
                receipts.append(.givenUp)
            }
        }
        for run in runs(of: fresh) {
            let rows = DeliveredRows(of: run.feed, from: run.system, into: database, log: log, clock: clock)
            try rows.store(run.events.map(\.observation), on: connection, at: now)
        }
        return receipts
    }

    private func isNew(_ event: WarehouseEvent, _ connection: any Connection, _ now: Instant) throws -> Bool {
        try connection.run(
            """
            INSERT INTO relay_inbox (system, id, received_at) VALUES (\(event.system), \(event.id), \(now))
            ON CONFLICT (system, id) DO NOTHING
            """) == 1
    }

    /// Events of one system and feed that follow each other, each record at most once: a page knows one state of a record.
    private func runs(of events: [WarehouseEvent]) -> [(system: ID<ExternalSystem>, feed: Feed, events: [WarehouseEvent])] {
        var runs: [(system: ID<ExternalSystem>, feed: Feed, events: [WarehouseEvent])] = []
        var names: Set<String> = []
        for event in events {
            let isNext = runs.last.map { $0.system == event.system && $0.feed == event.feed } ?? false
            if isNext, names.insert(event.observation.externalID).inserted {
                runs[runs.count - 1].events.append(event)
            } else {
                runs.append((event.system, event.feed, [event]))
                names = [event.observation.externalID]
            }
        }
        return runs
    }
}
