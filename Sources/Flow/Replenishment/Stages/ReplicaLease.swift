import Storage
import Synchronization
import Vocabulary

/// One process's claim to be alive, by the database's clock.
///
/// Rows that a process has on their way carry its epoch. When its lease has run out, any other process
/// settles them; and a process that was only asleep finds its epoch gone, can change nothing under it, and begins a new one.
package final class ReplicaLease: Sendable {
    package let name: String
    private let database: any Database
    private let present: Mutex<Int64>

    package static let duration = Duration.seconds(6)
    package static let heartbeat = Duration.seconds(2)

    /// The epoch that is held now.
    package var epoch: Int64 { present.withLock { $0 } }

    private init(_ name: String, _ epoch: Int64, in database: any Database) {
        self.name = name
        self.database = database
        present = Mutex(epoch)
    }

    /// Takes a new epoch.
    ///
    /// On an embedded database there can be no other process (the file is locked), so every earlier lease ends at once.
    package static func acquire(_ name: String, in database: any Database) async throws -> ReplicaLease {
        ReplicaLease(name, try await newEpoch(name, in: database), in: database)
    }

    private static func newEpoch(_ name: String, in database: any Database) async throws -> Int64 {
        let epoch = try await database.write { connection in
            // Processes that start at the same time pass the gate one by one, and so take different epochs.
            _ = try connection.value("SELECT id FROM replenishment_gate WHERE id = 0 \(.forUpdate)", as: Int64.self)
            if connection.dialect.isExclusive { try connection.run("UPDATE replica SET expires_at = 0") }
            return try connection.value(
                """
                INSERT INTO replica (epoch, name, started_at, expires_at)
                SELECT COALESCE(MAX(epoch), 0) + 1, \(name), \(.now), \(.now) + \(duration.microseconds) FROM replica
                RETURNING epoch
                """, as: Int64.self)
        }
        guard let epoch else { throw Fault.storageDefect("A new epoch was not answered.") }
        return epoch
    }

    /// - Parameter roundTrip: how far it is to the database, for the others to compare themselves with; nil when it is not known.
    /// - Returns: false when the lease had run out already: nothing can be sent under this epoch any more.
    package func renew(at roundTrip: Duration? = nil) async throws -> Bool {
        let epoch = epoch
        return try await database.write { connection in
            try connection.run(
                """
                UPDATE replica SET expires_at = \(.now) + \(Self.duration.microseconds), round_trip = \(roundTrip?.microseconds)
                WHERE epoch = \(epoch) AND expires_at > \(.now)
                """) == 1
        }
    }

    /// Goes on under a new epoch, after this one has run out. What is under way still has the old one, and others may have
    /// taken it over.
    package func beginAnew() async throws {
        let epoch = try await Self.newEpoch(name, in: database)
        present.withLock { $0 = epoch }
    }

    /// Ends the lease at once, so that others need not wait.
    package func release() async throws {
        let epoch = epoch
        _ = try await database.write { connection in
            try connection.run("UPDATE replica SET expires_at = 0 WHERE epoch = \(epoch)")
        }
    }
}
