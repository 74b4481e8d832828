import EventLog
import Foundation
import Governance
import Replenishment
import Storage
import StorageSQLite
import Vocabulary

/// Puts a deployment's database back, and tells the flow that it is older than the systems around it.
package enum DatabaseRestoring {
    /// - Parameter backup: nil when the database has been put back already.
    /// - Returns: what was done, for a person.
    package static func run(
        _ configuration: ServerConfiguration, from backup: String?, clock: WallClock = .system, randomness: Randomness = .system
    ) async throws -> String {
        var told: [String] = []
        if let backup {
            guard !configuration.isPostgres else {
                throw Fault.invalid("backup", found: backup, expected: "nothing: PostgreSQL is restored by its own tools first")
            }
            let aside = "\(configuration.database).before-\(randomness.identifier(at: clock.now()))"
            try SQLiteDatabase.restore(path: configuration.database, from: backup, keeping: aside)
            told.append("\(configuration.database) is \(backup) now; what was there is kept as \(aside).")
        }
        let database = try await Plimsoll.openDatabase(configuration)
        do {
            try await database.migrate(Plimsoll.migrations, at: clock.now())
            let services = FlowServices(
                database: database, events: EventLog(randomness: randomness), audit: AuditLog(), systems: ConnectedSystems([]),
                policies: PolicyBook(current: try .standard), clock: clock, randomness: randomness)
            let rows = try await Restoration(services).begin(by: "operator")
            await database.close()
            told.append(
                "\(rows) recommendations are marked: what was sent for them since is looked for once the server runs."
            )
            return told.joined(separator: "\n")
        } catch {
            await database.close()
            throw error
        }
    }
}
