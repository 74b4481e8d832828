import CanonicalModel
import CanonicalStore
import ConnectorKit
import Cycles
import EventLog
import EventRelay
import Foundation
import Storage
import TestBackends
import Testing
import Vocabulary

private struct Died: Error {}

private struct IntakeWorld: Sendable {
    let database: any Database
    let settings: RelaySettings
    let link: BrokerLink
    let intake: WarehouseIntake
    let log = EventLog(randomness: .seeded(3))

    static func with(_ backend: Backend, _ body: (IntakeWorld) async throws -> Void) async throws {
        try await TestBroker.with { broker in
            let migrations = canonicalMigrations + eventLogMigrations + synchronizationMigrations + eventRelayMigrations
            try await backend.withDatabase(migrations: migrations) { database in
                let settings = RelaySettings(address: await broker.address)
                let link = BrokerLink(settings.address)
                let world = IntakeWorld(
                    database: database, settings: settings, link: link,
                    intake: WarehouseIntake(
                        link, settings, into: database, log: EventLog(randomness: .seeded(3)), clock: TestClock().wallClock))
                try await link.prepare(settings.warehouse)
                try await body(world)
                await link.close()
            }
        }
    }

    /// Handed out again half a second after it was read and not acknowledged.
    var consumer: ConsumerPlan {
        let plan = settings.warehouseConsumer
        return ConsumerPlan(name: plan.name, stream: plan.stream, subjects: plan.subjects, acknowledgeWithin: 500)
    }

    func tell(_ id: String, item: String, onHand: Int, type: String = "plimsoll.balance.observed") async throws {
        let balance = Balance(item: ID(item), location: "east", onHand: Quantity(onHand))
        let event = CloudEvent(
            id: id, source: "/systems/wms", type: type, time: TestClock.start, data: .json(try JSON.text(of: balance)))
        try await link.publish(try event.json, on: "plimsoll.warehouse.wms.balances")
    }

    func run() async throws -> Int {
        try await intake.run(consumer: consumer, milliseconds: 2000)
    }

    func stored() async throws -> (balances: Int, inbox: Int, events: Int64) {
        try await database.read { connection in
            (
                try connection.value("SELECT COUNT(*) FROM balance") ?? 0,
                try connection.value("SELECT COUNT(*) FROM relay_inbox") ?? 0, try log.head(on: connection)
            )
        }
    }

    func lag() async throws -> ConsumerLag? {
        try await link.lag(of: consumer.name, on: consumer.stream)
    }
}

@Suite struct WarehouseIntakeTests {
    @Test(arguments: Backend.available)
    func `Messages are acknowledged after the commit and not before`(backend: Backend) async throws {
        try await IntakeWorld.with(backend) { world in
            for number in 1...20 { try await world.tell("e\(number)", item: "i\(number)", onHand: number) }
            try await world.database.write { try $0.run("ALTER TABLE relay_inbox RENAME TO away") }
            while try await world.run() > 0, try await world.lag()?.unacknowledged != 20 {}
            #expect(try await world.lag()?.unacknowledged == 20)
            try await world.database.write { try $0.run("ALTER TABLE away RENAME TO relay_inbox") }
            #expect(try await world.stored().balances == 0)
            var read = 0
            while read < 20 { read += try await world.run() }
            #expect(try await world.stored() == (20, 20, 20))
            #expect(try await world.lag() == ConsumerLag(waiting: 0, unacknowledged: 0, redelivered: 0))
        }
    }

    @Test(arguments: Backend.available)
    func `Row 12: what is handed out again after a lost acknowledgement changes nothing`(backend: Backend) async throws {
        try await IntakeWorld.with(backend) { world in
            for number in 1...10 { try await world.tell("e\(number)", item: "i\(number)", onHand: number) }
            // The process dies between the commit and the acknowledgement.
            await #expect(throws: Died.self) {
                _ = try await world.link.fetch(world.consumer, limit: 100, milliseconds: 2000) { messages in
                    _ = try await world.intake.store(messages)
                    throw Died()
                }
            }
            #expect(try await world.stored() == (10, 10, 10))
            // And the warehouse publishes one of them a second time.
            try await world.tell("e3", item: "i3", onHand: 3)
            var read = 0
            while read < 11 { read += try await world.run() }
            #expect(try await world.stored() == (10, 10, 10))
            #expect(try await world.lag()?.unacknowledged == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `A poison message is kept with its reason, given up, and holds up no neighbour`(backend: Backend) async throws {
        try await IntakeWorld.with(backend) { world in
            try await world.tell("good-1", item: "a", onHand: 1)
            try await world.link.publish("no JSON \u{0}", on: "plimsoll.warehouse.wms.balances")
            try await world.tell("odd", item: "b", onHand: 2, type: "plimsoll.balance.guessed")
            try await world.tell("good-2", item: "c", onHand: 3)
            var read = 0
            while read < 4 { read += try await world.run() }
            #expect(try await world.stored() == (2, 2, 2))
            let poison = try await world.database.read { try PoisonMessage.all(on: $0) }
            #expect(poison.count == 2)
            #expect(poison.contains { $0.reason.contains("plimsoll.balance.guessed") })
            try await Task.sleep(for: .milliseconds(700))
            #expect(try await world.intake.run(consumer: world.consumer, milliseconds: 300) == 0)
        }
    }

    @Test func `The last of several states of one record in a batch is what is stored`() async throws {
        try await IntakeWorld.with(.sqlite) { world in
            for number in 1...5 { try await world.tell("e\(number)", item: "same", onHand: number) }
            var read = 0
            while read < 5 { read += try await world.run() }
            let onHand: Quantity? = try await world.database.read { try $0.value("SELECT on_hand FROM balance") }
            #expect(onHand == Quantity(5))
        }
    }
}
