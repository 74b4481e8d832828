import Storage
import StorageSQLite
import Synchronization
import TestBackends
import Testing
import Vocabulary

@Suite struct `The clock that replicas agree on` {
    private static let wrong = WallClock(now: { .epoch }, pause: { _ in })

    @Test(arguments: Backend.available)
    func `is the database's`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let clock = AgreedClock(own: Self.wrong) { .zero }
            #expect(clock.wallClock.now() == .epoch)
            try await clock.set(by: database)
            let now = try await database.read { connection in try connection.value("SELECT \(.now)", as: Instant.self) }
            let late = try #require(now) - clock.wallClock.now()
            #expect(late >= .milliseconds(-5) && late < .seconds(60))
        }
    }

    /// What the two clocks of a test show.
    private final class Shown: Sendable {
        let database = Mutex(Instant.epoch)
        let elapsed = Mutex(Duration.zero)
    }

    @Test func `goes on between two looks, and is set by the next one`() async throws {
        let shown = Shown()
        let database = try SQLiteDatabase.inMemory { shown.database.withLock { $0 } }
        let clock = AgreedClock(own: Self.wrong) { shown.elapsed.withLock { $0 } }
        try await clock.set(by: database)
        shown.elapsed.withLock { $0 = .seconds(10) }
        #expect(clock.wallClock.now() == .epoch + .seconds(10))
        shown.database.withLock { $0 = .epoch + .seconds(3600) }
        try await clock.set(by: database)
        #expect(clock.wallClock.now() == .epoch + .seconds(3600))
        await database.close()
    }
}
