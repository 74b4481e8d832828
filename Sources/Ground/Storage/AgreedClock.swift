import Synchronization
import Vocabulary

/// The time that all replicas agree on: the database's, carried on between two looks at it by this machine's steady clock.
///
/// The clocks of machines differ, and are set while a program runs. What one replica writes down as due another one takes up,
/// so both must mean the same moment: an outcome that is looked for too early looks as if nothing had been done.
package final class AgreedClock: Sendable {
    private struct Reading {
        let time: Instant
        let at: Duration
    }

    private let reading = Mutex<Reading?>(nil)
    private let own: WallClock
    private let elapsed: @Sendable () -> Duration

    /// - Parameters:
    ///   - own: what counts until the database has been asked.
    ///   - elapsed: the time since some moment, by a clock that nobody can set.
    package init(own: WallClock, elapsed: @escaping @Sendable () -> Duration) {
        self.own = own
        self.elapsed = elapsed
    }

    package var wallClock: WallClock {
        WallClock(now: { self.now }, pause: own.pause)
    }

    private var now: Instant {
        guard let reading = reading.withLock({ $0 }) else { return own.now() }
        return reading.time + (elapsed() - reading.at)
    }

    /// Asks the database; an answer that took long is too vague to be taken.
    package func set(by database: any Database) async throws {
        let start = elapsed()
        let time = try await database.read { connection in try connection.value("SELECT \(.now)", as: Instant.self) }
        let took = elapsed() - start
        guard let time, took < .milliseconds(500) || reading.withLock({ $0 == nil }) else { return }
        reading.withLock { $0 = Reading(time: time, at: start + took / 2) }
    }
}
