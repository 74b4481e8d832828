import CanonicalModel
import CanonicalStore
import ConnectorKit
import Cycles
import EventLog
import EventRelay
import Foundation
import Gateway
import Governance
import Logging
import Replenishment
import Storage
import StoragePostgres
import StorageSQLite
import Vocabulary

/// One running deployment, put together: the only place that knows every part.
package struct Plimsoll: Sendable {
    package let configuration: ServerConfiguration
    package let services: FlowServices
    package let signingKey: AuditSigningKey
    package let exchanges: [HTTPClientExchange]
    package let logger: Logger
    /// What `services.clock` goes by when several replicas share a database.
    let agreedClock: AgreedClock?

    /// Opens the database, brings it up to date and makes the connectors.
    ///
    /// - Throws: what is wrong with the configuration, the database or a connector's settings, as a fault for people.
    package static func open(
        _ configuration: ServerConfiguration, clock: WallClock = .system, randomness: Randomness = .system,
        failpoints: Failpoints = .none
    ) async throws -> Plimsoll {
        var logger = Logger(label: "plimsoll")
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel) ?? .info
        let database = try await openDatabase(configuration)
        do {
            try await database.migrate(migrations, at: clock.now())
            let agreedClock = configuration.isPostgres ? AgreedClock(own: clock, elapsed: uptime) : nil
            try await agreedClock?.set(by: database)
            let clock = agreedClock?.wallClock ?? clock
            let links = try configuration.systems.map { system in
                try SystemLink(to: system, configuration, clock: clock, randomness: randomness)
            }
            let services = FlowServices(
                database: database, events: EventLog(randomness: randomness), audit: AuditLog(),
                systems: ConnectedSystems(links.map(\.system)),
                policies: PolicyBook(current: try decisionTable(configuration)), clock: clock, randomness: randomness,
                settings: configuration.flow, failpoints: failpoints)
            // A table that was put in force over the API stays in force after a restart.
            try await DecisionTables(services).restore()
            return Plimsoll(
                configuration: configuration, services: services, signingKey: try .atPath(configuration.auditKey),
                exchanges: links.map(\.http), logger: logger,
                agreedClock: agreedClock)
        } catch {
            await database.close()
            throw error
        }
    }

    package func close() async {
        await services.database.close()
        for exchange in exchanges { await exchange.shutdown() }
    }

    /// Every part's migrations, the parts that others refer to first.
    package static let migrations: [Migration] =
        canonicalMigrations + eventLogMigrations + auditMigrations + replenishmentMigrations + cycleMigrations
        + synchronizationMigrations + gatewayMigrations + eventRelayMigrations

    package static func openDatabase(_ configuration: ServerConfiguration) async throws -> any Database {
        if configuration.isPostgres {
            return try await PostgresDatabase.open(
                conninfo: configuration.database, connections: configuration.databaseConnections)
        }
        return try await SQLiteDatabase.open(path: configuration.database)
    }

    private static func decisionTable(_ configuration: ServerConfiguration) throws -> DecisionTable {
        guard let file = configuration.decisionTable else { return try .standard }
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw Fault(
                .configurationInvalid, .reject, "The decision table \(file) cannot be read: \(error.localizedDescription).")
        }
        return try DecisionTable(yaml: text, file: file)
    }
}
