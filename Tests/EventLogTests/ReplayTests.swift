import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct ReplayTests {
    private let log = EventLog.forTests
    private let clock = TestClock()

    private func withHeard(
        _ backend: Backend, _ body: (any Database, Heard, () async throws -> Void) async throws -> Void
    ) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            let heard = Heard()
            for index in 0..<6 {
                try await log.fill(database, subjects: ["s\(index % 2)"], at: TestClock.start + .seconds(index))
            }
            let deliver = {
                _ = try await log.deliver(to: Consumer("reader"), in: database, clock: clock.wallClock) { events, _ in
                    heard.add(events)
                }
            }
            try await deliver()
            heard.forget()
            try await body(database, heard, deliver)
        }
    }

    @Test(arguments: Backend.available)
    func `From a position and from an instant everything later is told again`(backend: Backend) async throws {
        try await withHeard(backend) { database, heard, deliver in
            let count = try await database.write { try log.replay("reader", from: .position(4), on: $0, at: clock.now) }
            #expect(count == 3)
            try await deliver()
            #expect(heard.positions == [4, 5, 6])
            heard.forget()
            let instant = TestClock.start + .seconds(4)
            try await database.write { _ = try log.replay("reader", from: .instant(instant), on: $0, at: clock.now) }
            try await deliver()
            #expect(heard.positions == [5, 6])
        }
    }

    @Test(arguments: Backend.available)
    func `With a filter only what matches is told again, and the offset stays`(backend: Backend) async throws {
        try await withHeard(backend) { database, heard, deliver in
            let filter = EventFilter(subjects: ["s1"], from: TestClock.start + .seconds(2))
            let count = try await database.write { try log.replay("reader", from: .filter(filter), on: $0, at: clock.now) }
            #expect(count == 2)
            try await deliver()
            #expect(heard.positions == [4, 6])
            try await log.fill(database, subjects: ["s1"])
            heard.forget()
            try await deliver()
            #expect(heard.positions == [7])
        }
    }

    @Test(arguments: Backend.available)
    func `Replaying somebody unknown or from nowhere is refused`(backend: Backend) async throws {
        try await withHeard(backend) { database, _, _ in
            await expectFault(.consumerUnknown) {
                try await database.write { _ = try log.replay("nobody", from: .position(1), on: $0, at: clock.now) }
            }
            for position in [Int64(0), 8] {
                await expectFault(.invalidInput) {
                    try await database.write { _ = try log.replay("reader", from: .position(position), on: $0, at: clock.now) }
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `A dead letter is discarded with a reason and then retried no more`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            try await log.fill(database, subjects: ["a", "b", "c"])
            try await log.deliver(to: Consumer("strict"), in: database, clock: clock.wallClock) { _, _ in
                throw Fault.conflict("No.")
            }
            await expectFault(.invalidInput) {
                try await database.write { try log.discardDeadLetter(of: "strict", at: 2, because: " ", on: $0, at: clock.now) }
            }
            try await database.write { try log.discardDeadLetter(of: "strict", at: 2, because: "sold", on: $0, at: clock.now) }
            let retried = try await database.write { try log.retryDeadLetters(of: "strict", on: $0, at: clock.now) }
            #expect(retried == 2)
            await expectFault(.notFound) {
                try await database.write { try log.retryDeadLetter(of: "strict", at: 2, on: $0, at: clock.now) }
            }
            let discarded = try await database.read { try log.deadLetters(state: .discarded, on: $0) }
            #expect(discarded.map(\.discardReason) == ["sold"])
            #expect(discarded.map(\.reason) == ["No."])
        }
    }
}
