import ConnectorKit
import EventLog
import EventRelay
import Foundation
import Storage
import Vocabulary

/// What `plimsoll doctor` looks at.
package enum Examination {
    package struct Finding: Sendable {
        package let subject: String
        package let isWell: Bool
        package let text: String
        /// How to mend it.
        package let remedy: String?
    }

    /// Looks at everything, whatever is wrong; never throws.
    package static func run(path: String?, environment: [String: String]) async -> [Finding] {
        let configuration: ServerConfiguration
        do {
            configuration = try ServerConfiguration.read(path: path, environment: environment)
        } catch {
            let problems = error.violations.isEmpty ? [error.message] : error.violations.map(\.description)
            return problems.map { problem in
                Finding(
                    subject: "configuration", isWell: false, text: problem,
                    remedy: "edit \(path ?? "the environment") and run doctor again")
            }
        }
        var findings = [Finding(subject: "configuration", isWell: true, text: path ?? "standard values", remedy: nil)]
        findings.append(await database(configuration))
        findings += auditKey(configuration)
        if let nats = configuration.nats { findings.append(await broker(nats)) }
        if configuration.systems.isEmpty {
            findings.append(
                Finding(
                    subject: "systems", isWell: false, text: "no outside system is configured",
                    remedy: "add one under systems: in the configuration"))
        }
        for system in configuration.systems { findings.append(await check(system)) }
        return findings
    }

    private static func database(_ configuration: ServerConfiguration) async -> Finding {
        do {
            let database = try await Plimsoll.openDatabase(configuration)
            let (pending, replicas): (Int, String)
            do {
                (pending, replicas) = (try await missingMigrations(in: database), await liveReplicas(on: database))
            } catch {
                await database.close()
                throw error
            }
            await database.close()
            let state = pending == 0 ? "up to date" : "\(pending) migrations to come at the next start"
            return Finding(
                subject: "database", isWell: true,
                text: "\(configuration.isPostgres ? "PostgreSQL" : configuration.database): \(state)\(replicas)", remedy: nil)
        } catch {
            let fault = error as? Fault
            let remedy =
                fault?.code == .storageLocked
                ? "a server is running on this file: ask it, or stop it first"
                : "check the address, the credentials and that the server is up"
            return Finding(subject: "database", isWell: false, text: fault?.message ?? "\(error)", remedy: remedy)
        }
    }

    private static func missingMigrations(in database: any Database) async throws -> Int {
        let names = Plimsoll.migrations.map(\.name)
        let applied: [String]
        do {
            applied = try await database.read { connection in try connection.values("SELECT name FROM schema_migration") }
        } catch let fault as Fault where fault.code == .storageDefect {
            return names.count  // It has never been used, and has no journal yet.
        }
        return names.filter { !applied.contains($0) }.count
    }

    /// Who works on the database now, and how far each is from it.
    private static func liveReplicas(on database: any Database) async -> String {
        let live = try? await database.read { connection in
            try connection.rows("SELECT name, round_trip FROM replica WHERE expires_at > \(.now) ORDER BY epoch") { row in
                (name: try row[0] as String, roundTrip: try row[1] as Int64?)
            }
        }
        // A database that was not migrated yet has no such table: nobody is at work on it.
        let texts = (live ?? []).map { one in
            one.roundTrip.map { "\(one.name) \(Double($0) / 1000) ms away" } ?? one.name
        }
        return texts.isEmpty ? "" : "; at work: \(texts.joined(separator: ", "))"
    }

    private static func broker(_ settings: RelaySettings) async -> Finding {
        let link = BrokerLink(settings.address)
        do {
            let holding = try await link.standing(of: settings.events(shard: 0).name)
            await link.close()
            let text = holding.map { "the stream \(settings.events(shard: 0).name) holds \($0.count) events" }
            return Finding(
                subject: "nats", isWell: true, text: text ?? "JetStream answers; its streams are made at the next start",
                remedy: nil)
        } catch {
            await link.close()
            return Finding(
                subject: "nats", isWell: false, text: error.message,
                remedy: "check the address under nats: and that the server runs with JetStream (-js)")
        }
    }

    private static func auditKey(_ configuration: ServerConfiguration) -> [Finding] {
        guard FileManager.default.fileExists(atPath: configuration.auditKey) else {
            return [
                Finding(
                    subject: "audit key", isWell: true, text: "will be made at the first start: \(configuration.auditKey)",
                    remedy: nil)
            ]
        }
        do {
            let key = try AuditSigningKey.atPath(configuration.auditKey)
            return [
                Finding(
                    subject: "audit key", isWell: true, text: "\(configuration.auditKey), id \(key.publicKey.id)", remedy: nil)
            ]
        } catch {
            return [
                Finding(subject: "audit key", isWell: false, text: error.message, remedy: "restore the key file from your backup")
            ]
        }
    }

    private static func check(_ system: ServerConfiguration.System) async -> Finding {
        let subject = "system \(system.name)"
        guard let type = connectorList.first(where: { $0.manifest.name == system.connector }) else {
            return Finding(
                subject: subject, isWell: false, text: "unknown connector \(system.connector)",
                remedy: "name one of the connectors")
        }
        let http = HTTPClientExchange()
        let surroundings = Surroundings(http: http, clock: .system, randomness: .system)
        do {
            let connector = try type.init(try type.manifest.values(hosted(system, by: type)), in: surroundings)
            let answer = try await connector.check()
            await http.shutdown()
            let remarks = answer.remarks.isEmpty ? "" : "; \(answer.remarks.joined(separator: "; "))"
            return Finding(
                subject: subject, isWell: answer.remarks.isEmpty, text: "\(answer.name) \(answer.version)\(remarks)", remedy: nil)
        } catch {
            await http.shutdown()
            return Finding(
                subject: subject, isWell: false, text: error.message,
                remedy: "check its address and credentials under systems: in the configuration")
        }
    }
}
