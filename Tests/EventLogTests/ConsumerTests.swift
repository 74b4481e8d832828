import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct ConsumerTests {
    private let log = EventLog.forTests
    private let clock = TestClock()

    /// The sum of all numbers told so far, which the handler keeps in the database itself.
    private static let sums = Migration("test-001-sum") {
        "CREATE TABLE total (name \(.key) PRIMARY KEY, amount BIGINT NOT NULL)"
        "INSERT INTO total (name, amount) VALUES ('all', 0)"
    }

    private func withLog(_ backend: Backend, subjects: [String], _ body: (any Database) async throws -> Void) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations + [Self.sums], inMemory: true) { database in
            try await log.fill(database, subjects: subjects)
            try await body(database)
        }
    }

    private func total(_ database: any Database) async throws -> Int? {
        try await database.read { try $0.value("SELECT amount FROM total") }
    }

    /// Adds each event's number; stumbles over `poison` after it has added.
    private func adding(
        stumblingOver poison: Set<Int> = [], with error: any Error = Stumbled()
    ) -> @Sendable ([Event], any Connection) throws -> Void {
        { events, connection in
            for event in events {
                let number = try event.decoded(as: Happened.self).number
                try connection.run("UPDATE total SET amount = amount + \(number)")
                if poison.contains(number) { throw error }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `What a handler writes and the offset stand or fall together`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b", "c", "d", "e", "f", "g"]) { database in
            let consumer = Consumer("sums", batch: 3)
            let report = try await log.deliver(to: consumer, in: database, clock: clock.wallClock, writing: adding())
            #expect(report == DeliveryReport(delivered: 7, position: 7))
            let again = try await log.deliver(to: consumer, in: database, clock: clock.wallClock, writing: adding())
            #expect(again == DeliveryReport(delivered: 0, position: 7))
            #expect(try await total(database) == 28)
        }
    }

    @Test(arguments: Backend.available)
    func `A failing event keeps nobody else waiting and takes no effect`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b", "c", "d", "e", "f", "g", "h"]) { database in
            let consumer = Consumer("sums", retries: RetryPolicy(attempts: 3))
            let report = try await log.deliver(
                to: consumer, in: database, clock: clock.wallClock, writing: adding(stumblingOver: [5]))
            #expect(report.delivered == 7)
            #expect(report.position == 8)
            #expect(report.postponed == 1)
            #expect(try await total(database) == 31, "all but the 5, none of them twice")
            for _ in 0..<2 {
                clock.advance(by: .seconds(3600))
                try await log.deliver(to: consumer, in: database, clock: clock.wallClock, writing: adding(stumblingOver: [5]))
            }
            let dead = try await database.read { try log.deadLetters(of: "sums", on: $0) }
            #expect(dead.map(\.event.position) == [5])
            #expect(dead.first?.attempts == 3)
            #expect(dead.first?.reason == "Stumbled()")
            #expect(try await total(database) == 31)
        }
    }

    @Test(arguments: Backend.available)
    func `A fault that will last is a dead letter at once`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b"]) { database in
            let refusal = Fault.invalid("number", found: "1", expected: "another")
            let report = try await log.deliver(
                to: Consumer("sums"), in: database, clock: clock.wallClock, writing: adding(stumblingOver: [1], with: refusal))
            #expect(report == DeliveryReport(delivered: 1, postponed: 0, dead: 1, position: 2))
            let dead = try await database.read { try log.deadLetters(on: $0) }
            #expect(dead.map(\.code) == ["input.invalid"])
        }
    }

    @Test(arguments: Backend.available)
    func `Later events of a failing subject wait behind it`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b", "a", "b", "a"]) { database in
            let heard = Heard()
            let isIll = Flag(true)
            let consumer = Consumer("order", batch: 2)
            let handler: @Sendable ([Event], any Connection) throws -> Void = { events, _ in
                if isIll.value, events.contains(where: { $0.position == 1 }) { throw Stumbled() }
                heard.add(events)
            }
            let report = try await log.deliver(to: consumer, in: database, clock: clock.wallClock, writing: handler)
            #expect(heard.positions == [2, 4], "only b's")
            #expect(report.postponed == 3)
            #expect(report.nextDue != nil)
            isIll.value = false
            clock.advance(by: .seconds(60))
            try await log.deliver(to: consumer, in: database, clock: clock.wallClock, writing: handler)
            #expect(heard.positions == [2, 4, 1, 3, 5], "a's, in their order")
        }
    }

    @Test(arguments: Backend.available)
    func `Two deliverers at once tell every event once`(backend: Backend) async throws {
        try await withLog(backend, subjects: (0..<60).map { "s\($0)" }) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await log.deliver(
                            to: Consumer("sums", batch: 7), in: database, clock: clock.wallClock, writing: adding())
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await total(database) == 60 * 61 / 2)
        }
    }

    @Test(arguments: Backend.available)
    func `An outside receiver is told again what was not settled, under the same ids`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b", "c"]) { database in
            let heard = Heard()
            let consumer = Consumer("hook", batch: 2)
            // Told, and then this program is stopped before it could settle.
            await #expect(throws: CancellationError.self) {
                try await log.deliver(to: consumer, in: database, clock: clock.wallClock, as: "one") { events in
                    heard.add(events)
                    throw CancellationError()
                }
            }
            let first = heard.ids
            heard.forget()
            let report = try await log.deliver(to: consumer, in: database, clock: clock.wallClock, as: "two") { heard.add($0) }
            #expect(report == DeliveryReport(delivered: 3, position: 3))
            #expect(heard.ids.prefix(2) == first[...])
        }
    }

    @Test(arguments: Backend.available)
    func `One deliverer holds the lease and a late one can move nothing`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b"]) { database in
            let heard = Heard()
            let consumer = Consumer("hook", lease: .seconds(30))
            await expectFault(.consumerLeaseLost) {
                try await log.deliver(to: consumer, in: database, clock: clock.wallClock, as: "slow") { _ in
                    let refused = try await log.deliver(to: consumer, in: database, clock: clock.wallClock, as: "eager") {
                        heard.add($0)
                    }
                    #expect(refused.isLeasedElsewhere)
                    #expect(heard.positions.isEmpty)
                    clock.advance(by: .seconds(31))
                    let taken = try await log.deliver(to: consumer, in: database, clock: clock.wallClock, as: "eager") {
                        heard.add($0)
                    }
                    #expect(taken.delivered == 2)
                }
            }
            #expect(heard.positions == [1, 2])
        }
    }

    @Test(arguments: Backend.available)
    func `A failing event sent outside is retried, given up and replayed under its own id`(backend: Backend) async throws {
        try await withLog(backend, subjects: ["a", "b", "c", "d"]) { database in
            let heard = Heard()
            let isIll = Flag(true)
            let consumer = Consumer("hook", retries: RetryPolicy(attempts: 2))
            func deliver() async throws -> DeliveryReport {
                try await log.deliver(to: consumer, in: database, clock: clock.wallClock, as: "one") { events in
                    if isIll.value, events.contains(where: { $0.position == 3 }) {
                        throw Fault(.init("hook.away"), .retry(after: .seconds(120)), "The receiver is away.")
                    }
                    heard.add(events)
                }
            }
            let first = try await deliver()
            #expect(heard.positions == [1, 2, 4])
            #expect(first.nextDue.map { $0 >= clock.now + .seconds(120) } == true, "as long as the receiver asked")
            #expect(try await deliver() == DeliveryReport(position: 4, nextDue: first.nextDue), "not before it is due")
            clock.advance(by: .seconds(200))
            #expect(try await deliver().dead == 1)
            isIll.value = false
            #expect(try await deliver().delivered == 0, "a dead letter stays until somebody asks")
            try await database.write { try log.retryDeadLetter(of: "hook", at: 3, on: $0, at: clock.now) }
            let waiting = try await database.read { try log.deadLetters(state: .waiting, on: $0) }
            #expect(waiting.map(\.replays) == [1])
            #expect(try await deliver().delivered == 1)
            #expect(heard.positions == [1, 2, 4, 3])
            #expect(try await database.read { try log.deadLetters(state: .waiting, on: $0) }.isEmpty)
        }
    }
}
