import Foundation
import Server
import Storage
import StoragePostgres
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

/// What the next version of the program does at its start to a database on which this one is at work.
@Suite(.enabled(if: Backend.available.contains(.postgres)))
struct `Two versions of the program on one database` {
    /// As a next version might: what programs of before read and write stays as it is.
    private static let added = Migration("next-001-note", isAdditive: true) {
        "ALTER TABLE replenishment ADD COLUMN next_note TEXT"
        "ALTER TABLE recommendation ADD COLUMN next_weight BIGINT NOT NULL DEFAULT 1"
        "CREATE TABLE next_note (id \(.key) PRIMARY KEY, body TEXT NOT NULL)"
        "CREATE INDEX replenishment_next_note ON replenishment (next_note) WHERE next_note IS NOT NULL"
    }
    private static let changed = Migration("next-002-renamed") { "ALTER TABLE next_note RENAME TO next_remark" }

    @Test(.timeLimit(.minutes(10)))
    func `Row 33: the older one works on while the newer one migrates, is started again beside it, and loses nothing`()
        async throws
    {
        try await FaultWorld.during(.postgres) { world in
            var replicas = [try await world.replica(), try await world.replica()]
            defer { for replica in replicas { replica.process.endAtOnce() } }
            let old = try await decisionMade(under: 1, 20_000, at: replicas[0].client, world)
            let traffic = RestartTraffic(
                Suggestions(world, on: .system), key: world.key, addresses: replicas.map(\.client.server))
            try await traffic.flow(by: 2) {
                for round in 0..<FaultRun.size(1, long: 5) {
                    try await Task.sleep(for: .seconds(1))
                    // Upgraded once, then back and forth: a program without the migration is started on what has it.
                    if round == 0 { try await migrate(world, with: [Self.added]) }
                    try await traffic.restart(&replicas, in: world)
                }
            }
            let reckoning = try await Reckoning.take(world, from: replicas[0].client)
            let figures = traffic.figures
            FaultRun.note(row: 33, "migrated under load by a newer version: \(figures); \(reckoning)")
            #expect(figures.acknowledged.count > 20)
            #expect(Double(figures.serverErrors) <= 0.001 * Double(figures.answers), "\(figures)")
            #expect(reckoning.lost(of: figures.acknowledged).isEmpty && reckoning.duplicates.isEmpty)
            let new = try await decisionMade(under: 2, 20_001, at: replicas[1].client, world)
            #expect(old != new)
            try await expectTable(old, of: 20_000, at: replicas[1].client)
            try await expectTable(new, of: 20_001, at: replicas[0].client)
            for replica in replicas { try await replica.stop() }
            #expect(try await world.auditVerifies())
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `Row 33: one is not started on a database that a later version has changed, and names the migration`() async throws {
        try await FaultWorld.during(.postgres) { world in
            try await world.serving { _, client in
                try await migrate(world, with: [Self.added, Self.changed])
                let refused = try world.start()
                #expect(try await refused.status() != 0)
                #expect(try refused.printed.contains("next-002-renamed"))
                // The one that was at work is not disturbed.
                _ = try await client.post("/process/v1/recommendations", Suggestions(world, on: .system).body(0))
                #expect(try await Reckoning.take(world, from: client).count("done") == 1)
            }
        }
    }

    @Test func `Row 33: a migration that says it only adds does nothing else`() {
        #expect(Self.changed.statements.allSatisfy { !Self.adds($0) })
        #expect(Self.added.statements.allSatisfy(Self.adds))
        for migration in Plimsoll.migrations where migration.isAdditive {
            #expect(migration.statements.allSatisfy(Self.adds), "\(migration.name)")
        }
    }

    /// Whether programs that do not know of it can read and write as before.
    private static func adds(_ statement: SQL) -> Bool {
        let text = statement.rendered(for: .postgres).text
        if text.hasPrefix("CREATE TABLE ") || text.hasPrefix("CREATE INDEX ") { return true }
        guard text.prefixMatch(of: /ALTER TABLE \w+ ADD COLUMN\s/) != nil else { return false }
        return !text.contains("NOT NULL") || text.contains("DEFAULT")
    }

    /// What a program does at its start that knows `migrations` more than this one.
    private func migrate(_ world: FaultWorld, with migrations: [Migration]) async throws {
        let database = try await PostgresDatabase.open(conninfo: world.database, connections: 1)
        do { try await database.migrate(Plimsoll.migrations + migrations, at: WallClock.system.now()) } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    /// Puts a decision table in force and has something decided under it.
    ///
    /// - Returns: the version of the table, by which the decision names it.
    private func decisionMade(
        under number: Int, _ suggestion: Int, at client: APIClient, _ world: FaultWorld
    ) async throws -> String {
        let table = FaultWorld.decisionTable.replacing("dueHours: 8", with: "dueHours: \(number)")
        let answer = try await client.send(
            "PUT", "/process/v1/decision-table", contentType: "application/yaml", Array(table.utf8))
        _ = try await client.post("/process/v1/recommendations", Suggestions(world, on: .system).body(suggestion))
        let version = try JSONValue(answer)["version"].shown
        try await eventually("it is decided under table \(number)") {
            try await self.tables(of: suggestion, at: client) == [version]
        }
        return version
    }

    private func expectTable(_ version: String, of suggestion: Int, at client: APIClient) async throws {
        let explanation = try await client.get("/consumption/v1/recommendations/fault-\(suggestion)/explanation")
        #expect(explanation["decisions"].list.map { $0["decision.policyVersion"].shown } == [version])
        #expect(explanation["decisions"].list.map { $0["isReproducible"] } == [.bool(true)])
    }

    private func tables(of suggestion: Int, at client: APIClient) async throws -> [String] {
        let explanation = try await client.get("/consumption/v1/recommendations/fault-\(suggestion)/explanation")
        return explanation["decisions"].list.map { $0["decision.policyVersion"].shown }
    }
}
