import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct ReadingTests {
    @Test(arguments: Backend.available)
    func `Filters take types, families of types, subjects, sources and times`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            let log = EventLog.forTests
            let start = TestClock.start
            try await database.write { connection in
                for (index, type) in ["a.b.made", "a.b.sent", "a.bc.made", "a.c"].enumerated() {
                    try log.append(
                        [.happened(index, to: "s\(index % 2)", type: type)], on: connection, at: start + .seconds(index))
                }
            }
            func positions(_ filter: EventFilter) async throws -> [Int64] {
                try await database.read { try log.events(after: 0, limit: 10, matching: filter, on: $0).map(\.position) }
            }
            #expect(try await positions(.all) == [1, 2, 3, 4])
            #expect(try await positions(EventFilter(types: ["a.b.made"])) == [1])
            #expect(try await positions(EventFilter(types: ["a.b.*", "a.c"])) == [1, 2, 4])
            #expect(try await positions(EventFilter(subjects: ["s1"])) == [2, 4])
            #expect(try await positions(EventFilter(types: ["a.b.*"], subjects: ["s1"])) == [2])
            #expect(try await positions(EventFilter(sources: ["/other"])) == [])
            #expect(try await positions(EventFilter(from: start + .seconds(1), until: start + .seconds(3))) == [2, 3])
            let limited = try await database.read { try log.events(after: 1, limit: 2, types: ["a.*"], on: $0).map(\.position) }
            #expect(limited == [2, 3])
        }
    }

    @Test(arguments: Backend.available)
    func `From an instant nothing is left out although a server's clock stepped back`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: eventLogMigrations, inMemory: true) { database in
            let log = EventLog.forTests
            let start = TestClock.start
            try await database.write { connection in
                for seconds in [0, 10, 5, 20] {
                    try log.append([.happened(seconds)], on: connection, at: start + .seconds(seconds))
                }
            }
            let before = try await database.read { connection in
                try [0, 7, 11, 30].map { try log.position(before: start + .seconds($0), on: connection) }
            }
            #expect(before == [0, 1, 3, 4])
        }
    }
}
