import CanonicalModel
import CanonicalStore
import ConnectorKit
import Cycles
import EventLog
import Sandbox
import Storage
import TestBackends
import TestSandbox
import Testing
import Vocabulary

@Suite struct `Synchronising with the sandbox ERP` {
    @Test(arguments: Backend.available)
    func `takes in the whole distributor, and the second time nothing`(backend: Backend) async throws {
        let migrations = canonicalMigrations + eventLogMigrations + synchronizationMigrations
        try await RunningSandbox.during { erp async throws in
            try await backend.withDatabase(migrations: migrations, inMemory: true) { database in
                let synchronizer = try synchronizer(erp, database)
                let first = try await synchronizer.run()
                #expect(first.isComplete)
                #expect(first.feeds.map(\.feed) == Feed.allCases)
                #expect(first.feeds.allSatisfy { $0.refused == 0 && $0.created == $0.rows })
                erp.time.advance(.seconds(60))
                let second = try await synchronizer.run()
                #expect(second.isComplete)
                #expect(second.feeds.allSatisfy { $0.created + $0.updated + $0.stale + $0.refused + $0.closed == 0 })
                let facts = try await database.read { [now = erp.time.now] connection in
                    try PositionFacts.read(for: "BRG-6204", at: "RNO", on: connection, at: now)
                }
                #expect(facts.balance != nil)
                #expect(facts.policy != nil)
                #expect(!facts.sourcings.isEmpty)
                #expect(facts.donors.count == 2)
            }
        }
    }

    private func synchronizer(_ erp: RunningSandbox, _ database: any Database) throws -> Synchronizer {
        let settings = try SandboxConnector.manifest.values(["url": erp.address, "key": erp.key, "timeoutSeconds": "5"])
        let wire = HTTPClientExchange(largestBody: 8 << 20, connectTimeout: .seconds(2))
        let connector = try SandboxConnector(
            settings, in: Surroundings(http: wire, clock: erp.time.clock, randomness: .seeded(1)))
        return Synchronizer(
            system: "sandbox", connector: connector, database: database, log: EventLog(randomness: .seeded(2)),
            clock: erp.time.clock, randomness: .seeded(3))
    }
}
