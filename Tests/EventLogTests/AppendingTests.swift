import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct AppendingTests {
    @Test(arguments: Backend.available)
    func `Positions count from 1 and an undone transaction takes none`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            let log = EventLog.forTests
            let first = try await database.write { connection in
                try log.append([.happened(1), .happened(2)], on: connection, at: TestClock.start)
            }
            #expect(first == [1, 2])
            await #expect(throws: Stumbled.self) {
                try await database.write { connection in
                    let positions = try log.append([.happened(3)], on: connection, at: TestClock.start)
                    #expect(positions == [3])
                    throw Stumbled()
                }
            }
            let later = try await database.write { connection in
                try log.append([], on: connection, at: TestClock.start)
                    + log.append([.happened(4)], on: connection, at: TestClock.start)
            }
            #expect(later == [3])
            let events = try await database.read { try log.events(after: 0, limit: 10, on: $0) }
            #expect(events.map(\.data) == [#"{"number":1}"#, #"{"number":2}"#, #"{"number":4}"#])
            #expect(Set(events.map(\.id)).count == 3)
            #expect(try events[2].decoded(as: Happened.self) == Happened(number: 4))
        }
    }

    @Test(arguments: Backend.available)
    func `Shards count for themselves`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            let other = EventLog(shard: 1, randomness: .seeded(2))
            try await EventLog.forTests.fill(database, subjects: ["a", "b"])
            let positions = try await database.write { try other.append([.happened(1)], on: $0, at: TestClock.start) }
            #expect(positions == [1])
            let seen = try await database.read { try other.events(after: 0, limit: 10, on: $0).map(\.shard) }
            #expect(seen == [1])
        }
    }

    /// What is proved here: whoever reads on from the last position it saw misses nothing, whatever commits when.
    @Test(arguments: Backend.available)
    func `A reader misses nothing while 32 writers commit and undo at random`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations) { database in
            let log = EventLog.forTests
            async let followed = follow(log, in: database)
            let kept = try await withThrowingTaskGroup(of: [String].self) { group in
                for writer in 0..<32 {
                    group.addTask { try await write(as: writer, to: log, in: database) }
                }
                return try await group.reduce(into: [String]()) { $0 += $1 }
            }
            try await database.write { connection in
                _ = try log.append([.happened(0, type: "test.ended")], on: connection, at: TestClock.start)
            }
            let seen = try await followed
            #expect(seen.map(\.position) == Array(1...Int64(kept.count + 1)), "contiguous, in order, nothing twice")
            #expect(seen.dropLast().map(\.subject).sorted() == kept.sorted(), "exactly what was committed")
        }
    }
}

/// 50 transactions of one to three events, of which about a quarter is undone; the subjects of the others.
private func write(as writer: Int, to log: EventLog, in database: any Database) async throws -> [String] {
    let chance = Randomness.seeded(UInt64(writer + 100))
    var kept: [String] = []
    for turn in 0..<50 {
        let subjects = (0...Int(chance.next() % 3)).map { "\(writer)-\(turn)-\($0)" }
        let isUndone = chance.fraction() < 0.25
        do {
            try await database.write { connection in
                try log.append(subjects.map { try .happened(turn, to: $0) }, on: connection, at: TestClock.start)
                if isUndone { throw Stumbled() }
            }
            kept += subjects
        } catch is Stumbled {}
    }
    return kept
}

/// Reads on from the last position seen until the event that ends the test.
private func follow(_ log: EventLog, in database: any Database) async throws -> [Event] {
    var seen: [Event] = []
    while seen.last?.type != "test.ended" {
        let after = seen.last?.position ?? 0
        seen += try await database.read { try log.events(after: after, limit: 50, on: $0) }
        await Task.yield()
    }
    return seen
}
