import CanonicalModel
import CanonicalStore
import EventLog
import EventRelay
import Governance
import Logging
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `A commit on one replica` {
    /// Two processes' halves of the flow on one database: what the first takes in the second may decide.
    private struct Pair: Sendable {
        let first: FlowServices
        let second: FlowServices

        init(on database: any Database) throws {
            func services(_ seed: UInt64) throws -> FlowServices {
                let randomness = Randomness.seeded(seed)
                var settings = FlowSettings()
                // Else there would be nothing left to wake anybody for.
                settings.decidesOnArrival = false
                return FlowServices(
                    database: database, events: EventLog(randomness: randomness), audit: AuditLog(),
                    systems: ConnectedSystems([]), policies: PolicyBook(current: try DecisionTable.standard),
                    clock: WallClock(now: { TestClock.start }, pause: { try await Task.sleep(for: $0) }), randomness: randomness,
                    settings: settings)
            }
            first = try services(1)
            second = try services(2)
        }

        func take(_ id: ID<Recommendation>) async throws {
            let levels = PolicyLevels(reorderPoint: Quantity(9), safetyStock: Quantity(1), orderUpTo: Quantity(20))
            let recommendation = Recommendation(
                id: id, source: "model", item: "bolt", location: "east", proposal: .policy(levels),
                assumptions: Assumptions(), madeAt: TestClock.start)
            _ = try await Intake(first).accept([recommendation], by: "model")
        }

        func isDecided(_ id: ID<Recommendation>) async throws -> Bool {
            try await second.database.read { connection in
                let state = try connection.value("SELECT state FROM replenishment WHERE id = \(id)", as: String.self)
                return state != nil && state != "received"
            }
        }
    }

    private static let migrations = canonicalMigrations + eventLogMigrations + auditMigrations + replenishmentMigrations

    @Test(.timeLimit(.minutes(2)), arguments: Backend.available)
    func `Row 11: it wakes the others over NATS, and without NATS they find the work at their next look`(backend: Backend)
        async throws
    {
        try await TestBroker.with { broker in
            try await backend.withDatabase(migrations: Self.migrations) { database in
                let settings = RelaySettings(address: await broker.address)
                let (here, there) = (WakeUps(settings, randomness: .seeded(1)), WakeUps(settings, randomness: .seeded(2)))
                let pair = try Pair(on: database)
                // Both listen from now on; what was said before is lost, as it may be.
                #expect(try await here.hear(milliseconds: 50).isEmpty)
                #expect(try await there.hear(milliseconds: 50).isEmpty)

                // Who waits at home is enough.
                async let atHome: Void = pair.first.bells.dispatch.wait(atMost: .seconds(60), by: pair.first.clock)
                try await Task.sleep(for: .milliseconds(100))
                pair.first.bells.announce(.dispatch)
                await atHome
                #expect(pair.first.bells.takeUntold().isEmpty)

                let woken = try await decided("r1", pair, polling: .seconds(60)) {
                    try await here.tell(pair.first.bells.takeUntold().map(\.rawValue))
                    let heard = try await there.hear(milliseconds: 5000)
                    #expect(heard == ["decisions"])
                    for stage in heard.compactMap(FlowBells.Stage.init) { pair.second.bells[stage].ring() }
                }
                #expect(woken < .seconds(20), "It was decided \(woken) later, and would have been found after a minute.")
                #expect(try await here.hear(milliseconds: 50).isEmpty, "Its own words wake nobody.")

                await broker.kill()
                _ = try await decided("r2", pair, polling: .milliseconds(300)) {
                    let untold = pair.first.bells.takeUntold().map(\.rawValue)
                    await #expect(throws: Fault.self) { try await here.tell(untold) }
                }
                await here.close()
                await there.close()
            }
        }
    }

    /// Takes a recommendation in at the first, does `telling`, and waits until the second, which looks as seldom as `polling`
    /// says, has decided it.
    private func decided(
        _ id: ID<Recommendation>, _ pair: Pair, polling: Duration, _ telling: () async throws -> Void
    ) async throws -> Duration {
        let start = ContinuousClock.now
        async let deciding: Void = {
            while true {
                try await DecisionStage(pair.second).run()
                if try await pair.isDecided(id) { return }
                await pair.second.bells.decisions.wait(atMost: polling, by: pair.second.clock)
            }
        }()
        // It has looked already, and waits.
        try await Task.sleep(for: .milliseconds(200))
        try await pair.take(id)
        try await telling()
        try await deciding
        return ContinuousClock.now - start
    }
}
