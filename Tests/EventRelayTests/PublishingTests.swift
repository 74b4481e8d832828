import EventLog
import EventRelay
import Foundation
import Logging
import Storage
import TestBackends
import Testing
import Vocabulary

struct Happened: Codable, Sendable {
    var number: Int
}

/// A log with a database, and the relay to a broker of its own.
struct RelayWorld: Sendable {
    let broker: TestBroker
    let database: any Database
    let log = EventLog(randomness: .seeded(7))
    let clock = TestClock()
    let settings: RelaySettings
    let link: BrokerLink

    static func with(_ backend: Backend, _ body: (RelayWorld) async throws -> Void) async throws {
        try await TestBroker.with { broker in
            try await backend.withDatabase(migrations: eventLogMigrations) { database in
                let settings = RelaySettings(address: await broker.address)
                let world = RelayWorld(
                    broker: broker, database: database, settings: settings, link: BrokerLink(settings.address))
                try await body(world)
                await world.link.close()
            }
        }
    }

    func replica() -> Publication {
        Publication([log], in: database, settings: settings, clock: clock.wallClock, logger: Logger(label: "test"))
    }

    func append(_ count: Int) async throws {
        try await database.write { connection in
            let events = try (1...count).map { number in
                try NewEvent(
                    type: "plimsoll.test.happened", subject: "thing", data: Happened(number: number), source: "/tests")
            }
            try log.append(events, on: connection, at: clock.now)
        }
    }

    /// Publishes until nothing is left, as the server's loop does: a fault is met with another try.
    func drain(_ publication: Publication) async throws {
        for _ in 0..<100 {
            do {
                let stored = try await publication.run()
                let left = try await database.read { try Outbox(log).pending(for: "nats:plimsoll", limit: 1, on: $0).count }
                if stored == 0, left == 0 { return }
            } catch let fault as Fault where fault.code == .brokerUnavailable {
                clock.advance(by: .seconds(11))
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        Issue.record("The outbox did not drain.")
    }

    /// The stream has exactly the log's events, each at its position.
    func expectEqual(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let events = try await database.read { try log.events(after: 0, limit: 10_000, on: $0) }
        let standing = try await link.standing(of: settings.events(shard: 0).name)
        #expect(standing?.count == Int64(events.count), sourceLocation: sourceLocation)
        #expect(standing?.last == Int64(events.count), sourceLocation: sourceLocation)
        for event in events {
            let message = try await link.message(event.position, of: settings.events(shard: 0).name)
            #expect(message?.id == event.id, sourceLocation: sourceLocation)
            #expect(message?.body == Array(try event.cloudEvent.utf8), sourceLocation: sourceLocation)
        }
    }
}

@Suite struct PublishingTests {
    @Test(arguments: Backend.available)
    func `Message n of the stream is event n of the log, with several replicas publishing`(backend: Backend) async throws {
        try await RelayWorld.with(backend) { world in
            try await world.append(1200)
            let (first, second) = (world.replica(), world.replica())
            async let one: Void = world.drain(first)
            async let two: Void = world.drain(second)
            _ = try await (one, two)
            try await world.expectEqual()
            await first.close()
            await second.close()
        }
    }

    @Test func `Row 12: events published again after the broker has forgotten their ids are stored once`() async throws {
        try await RelayWorld.with(.sqlite) { world in
            let plan = world.settings.events(shard: 0)
            try await world.link.prepare(
                StreamPlan(name: plan.name, subjects: plan.subjects, replicas: 1, remembers: 100))
            try await world.append(300)
            let replica = world.replica()
            try await world.drain(replica)
            try await Task.sleep(for: .milliseconds(400))
            try await world.database.write { try Outbox(world.log).rewind("nats:plimsoll", to: 0, on: $0, at: world.clock.now) }
            try await world.append(50)
            try await world.drain(replica)
            try await world.expectEqual()
            await replica.close()
        }
    }

    @Test func `Row 11: a broker that is killed and comes back has every event once`() async throws {
        try await RelayWorld.with(.sqlite) { world in
            try await world.append(700)
            let replica = world.replica()
            _ = try await replica.run()
            await world.broker.kill()
            try await world.append(100)
            await #expect(throws: Fault.self) { try await replica.run() }
            try await world.broker.start()
            try await world.drain(replica)
            try await world.expectEqual()
            await replica.close()
        }
    }

    @Test(arguments: [true, false])
    func `Row 11: a stream that was wiped is filled again from the log with equal counts`(withRestart: Bool) async throws {
        try await RelayWorld.with(.sqlite) { world in
            try await world.append(600)
            let replica = world.replica()
            try await world.drain(replica)
            if withRestart {
                await world.broker.kill()
                try await world.broker.wipe()
                try await world.broker.start()
            } else {
                try await world.link.delete(world.settings.events(shard: 0).name)
            }
            try await world.append(1)
            try await world.drain(replica)
            try await world.expectEqual()
            await replica.close()
        }
    }

    @Test func `Row 13: a stream with one bit turned over is noticed at the next start and filled again`() async throws {
        try await RelayWorld.with(.sqlite) { world in
            try await world.append(400)
            let replica = world.replica()
            try await world.drain(replica)
            await world.broker.kill()
            try await world.broker.corrupt()
            try await world.broker.start()
            let next = world.replica()
            let findings = try await next.mend(depth: Publication.depthAtStart)
            #expect(findings != [.equal])
            try await world.drain(next)
            try await world.expectEqual()
            await replica.close()
            await next.close()
        }
    }

    @Test func `A stream with more than the log has is of another history and is made anew`() async throws {
        try await RelayWorld.with(.sqlite) { world in
            try await world.link.prepare(world.settings.events(shard: 0))
            try await world.link.publish("{}", on: world.settings.subject(shard: 0, type: "plimsoll.of.anotherTime"))
            try await world.append(3)
            try await world.database.write { try $0.run("DELETE FROM outbox_cursor") }
            let replica = world.replica()
            try await world.drain(replica)
            try await world.expectEqual()
            await replica.close()
        }
    }

    @Test func `Subjects carry shard and type in characters that NATS has no other use for`() {
        let settings = RelaySettings(address: "nats://127.0.0.1:4222")
        #expect(settings.subject(shard: 2, type: "plimsoll.balance.changed") == "plimsoll.events.2.balance.changed")
        #expect(settings.subject(shard: 0, type: "odd type.>*..x") == "plimsoll.events.0.odd_type.__.x")
        #expect(settings.subject(shard: 0, type: "plimsoll") == "plimsoll.events.0._")
    }
}
