import Storage
import Synchronization
import Vocabulary

/// How far a process is from the database, and whether that is too far beside the others.
///
/// A transaction is a dozen round trips and more, and what is inside one keeps the gate and the end of the log from everybody. A
/// process with a slow way there would make all of them as slow as itself; so it stands aside while another one lives that is
/// much nearer, and takes part again by itself. The nearest one never stands aside, so there is always one that works.
package final class Distance: Sendable {
    /// A round trip that is no burden, wherever the others are.
    package static let near = Duration.milliseconds(25)
    /// How many times as far as the nearest one a process may be.
    package static let mostTimes = 8
    package static let pauseBetweenLooks = Duration.milliseconds(500)
    /// So many looks in a row agree before anything changes: a machine that was busy once is not far away.
    private static let looks = 3

    private struct State {
        var roundTrips: [Duration] = []
        var standsAside = false
    }

    private let state = Mutex(State())

    package init() {}

    package var standsAside: Bool { state.withLock { $0.standsAside } }

    /// The shortest round trip of the last looks; nil before the first.
    package var roundTrip: Duration? { state.withLock { $0.roundTrips.min() } }

    /// Takes one measurement down.
    ///
    /// - Parameter nearest: the round trip of the nearest other process that is alive; nil when there is none.
    /// - Returns: whether it changed where this process stands.
    @discardableResult
    package func note(_ roundTrip: Duration, nearest: Duration?) -> Bool {
        state.withLock { state in
            state.roundTrips = state.roundTrips.suffix(Self.looks - 1) + [roundTrip]
            let was = state.standsAside
            state.standsAside = Self.isAside(state.roundTrips, nearest, since: was)
            return state.standsAside != was
        }
    }

    private static func isAside(_ roundTrips: [Duration], _ nearest: Duration?, since was: Bool) -> Bool {
        guard let nearest, roundTrips.count == looks else { return false }
        let bound = max(near, nearest * mostTimes)
        // One short round trip is enough not to go aside, one long one is enough not to come back.
        return was ? roundTrips.contains { $0 > bound } : roundTrips.allSatisfy { $0 > bound }
    }

    /// Measures one round trip, which also tells how far the others are.
    ///
    /// - Parameter elapsed: the time since some moment, by a clock that nobody can set.
    /// - Returns: whether it changed where this process stands.
    package func look(
        from lease: ReplicaLease, in database: any Database, elapsed: @escaping @Sendable () -> Duration
    ) async throws -> Bool {
        let epoch = lease.epoch
        let (took, nearest) = try await database.read { connection in
            let start = elapsed()
            let nearest = try connection.rows(
                "SELECT MIN(round_trip) FROM replica WHERE epoch <> \(epoch) AND expires_at > \(.now)"
            ) { row in try row[0] as Int64? }
            return (elapsed() - start, nearest.first ?? nil)
        }
        return note(took, nearest: nearest.map { .microseconds($0) })
    }
}
