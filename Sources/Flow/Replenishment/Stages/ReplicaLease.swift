import Storage
import Vocabulary

/// One process's claim to be alive, by the database's clock.
///
/// Rows that a process has on their way carry its epoch. When its lease has run out, any other process
/// settles them; and a process that was only asleep finds its epoch gone and can change nothing.
package struct ReplicaLease: Sendable {
    package let epoch: Int64
    package let name: String
    private let database: any Database

    package static let duration = Duration.seconds(6)
    package static let heartbeat = Duration.seconds(2)

    /// Takes a new epoch.
    ///
    /// On an embedded database there can be no other process (the file is locked), so every earlier lease ends at once.
    package static func acquire(_ name: String, in database: any Database) async throws -> ReplicaLease {
        let epoch = try await database.write { connection in
            if connection.dialect.isExclusive { try connection.run("UPDATE replica SET expires_at = 0") }
            let taken = try connection.value(
                """
                INSERT INTO replica (epoch, name, started_at, expires_at)
                SELECT COALESCE(MAX(epoch), 0) + 1, \(name), \(.now), \(.now) + \(duration.microseconds) FROM replica
                RETURNING epoch
                """, as: Int64.self)
            guard let taken else { throw Fault.storageDefect("A new epoch was not answered.") }
            return taken
        }
        return ReplicaLease(epoch: epoch, name: name, database: database)
    }

    /// - Returns: false when the lease had run out already: this process must stop sending.
    package func renew() async throws -> Bool {
        try await database.write { connection in
            try connection.run(
                """
                UPDATE replica SET expires_at = \(.now) + \(Self.duration.microseconds)
                WHERE epoch = \(epoch) AND expires_at > \(.now)
                """) == 1
        }
    }

    /// Ends the lease at once, so that others need not wait.
    package func release() async throws {
        _ = try await database.write { connection in
            try connection.run("UPDATE replica SET expires_at = 0 WHERE epoch = \(epoch)")
        }
    }
}
