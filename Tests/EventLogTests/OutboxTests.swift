import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

/// A broker in memory that stores at most so many events a call.
private struct Broker: OutboxRelay {
    let name = "broker"
    let heard = Heard()
    let atMost: Int
    var isAway = false

    func publish(_ events: [Event]) async throws -> Int {
        if isAway { throw Stumbled() }
        heard.add(Array(events.prefix(atMost)))
        return min(atMost, events.count)
    }
}

@Suite struct OutboxTests {
    private let outbox = Outbox(.forTests)
    private let clock = TestClock().wallClock

    @Test(arguments: Backend.available)
    func `A relay goes on where the broker last confirmed`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            try await outbox.log.fill(database, subjects: ["a", "b", "c", "d", "e"])
            let broker = Broker(atMost: 2)
            #expect(try await outbox.publish(through: broker, in: database, clock: clock) == 2)
            await #expect(throws: Stumbled.self) {
                try await outbox.publish(through: Broker(atMost: 2, isAway: true), in: database, clock: clock)
            }
            #expect(try await outbox.publish(through: broker, in: database, clock: clock) == 2)
            #expect(try await database.read { try outbox.pending(for: "broker", limit: 9, on: $0).map(\.position) } == [5])
            #expect(try await outbox.publish(through: broker, in: database, clock: clock) == 1)
            #expect(try await outbox.publish(through: broker, in: database, clock: clock) == 0)
            #expect(broker.heard.positions == [1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: Backend.available)
    func `A broker that lost everything is filled again`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            try await outbox.log.fill(database, subjects: ["a", "b"])
            let broker = Broker(atMost: 10)
            #expect(try await outbox.publish(through: broker, in: database, clock: clock) == 2)
            try await database.write { try outbox.rewind("broker", to: 0, on: $0, at: clock.now()) }
            #expect(try await outbox.publish(through: broker, in: database, clock: clock) == 2)
            #expect(broker.heard.positions == [1, 2, 1, 2])
            #expect(Set(broker.heard.ids).count == 2)
        }
    }
}
