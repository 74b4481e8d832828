import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Governance
import Logging
import Replenishment
import Storage
import TestBackends
import Threads
import Vocabulary

@testable import Cycles

/// Two warehouses, one supplier, and half a year of demand for a handful of items.
struct EngineWorld {
    static let migrations =
        canonicalMigrations + eventLogMigrations + auditMigrations + replenishmentMigrations + cycleMigrations
    static let items = (0..<11).map { ID<Item>("item-\($0 / 10)\($0 % 10)") }
    static let locations: [ID<Location>] = ["north", "south"]
    static let positions = items.count * locations.count

    let services: FlowServices
    let clock: TestClock

    init(_ database: any Database, seed: UInt64 = 7) throws {
        let clock = TestClock()
        let randomness = Randomness.seeded(seed)
        self.clock = clock
        services = FlowServices(
            database: database, events: EventLog(randomness: randomness), audit: AuditLog(), systems: ConnectedSystems([]),
            policies: PolicyBook(current: try .standard),
            clock: WallClock(now: { clock.now }, pause: { try await Task.sleep(for: $0) }), randomness: randomness)
    }

    var worker: EngineWorker {
        get async throws { try await worker("replica", threads: .shared) }
    }

    /// A replica that is alive for the rest of the test, however busy the machine is.
    func worker(_ name: String, threads: ComputingThreads) async throws -> EngineWorker {
        let lease = try await ReplicaLease.acquire(name, in: services.database)
        try await services.database.write { connection in
            try connection.run(
                "UPDATE replica SET expires_at = \(.now) + \(Duration.hours(1).microseconds) WHERE epoch = \(lease.epoch)")
        }
        return EngineWorker(
            services, lease: lease, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, threads: threads)
    }

    func stock() async throws {
        try await put(Self.locations.map { Location(id: $0, name: $0.rawValue, region: "us") })
        try await put(Self.items.map { Item(id: $0, name: $0.rawValue, stockingUnit: .piece) })
        try await put([Supplier(id: "acme", name: "Acme")])
        try await put(
            Self.items.map { item in
                Sourcing(
                    item: item, supplier: "acme", leadTimeDays: 10, leadTimeDeviation: 2, unit: .piece, price: Money(3),
                    currency: "USD")
            })
        let today = TimeZoneName.utc.date(at: TestClock.start)
        var rows = DemandRows()
        for (number, item) in Self.items.enumerated() {
            for location in Self.locations {
                for week in 1...26 where (week + number) % (1 + number % 3) == 0 {
                    let demand = Demand(
                        item: item, location: location, date: today.adding(days: -7 * week),
                        quantity: Quantity(5 + number + week % 4))
                    rows.append(demand, observedAt: TestClock.start)
                }
            }
        }
        let loaded = rows
        _ = try await services.database.write { connection in
            try DemandLoader(system: "erp").store(loaded, on: connection).counts
        }
    }

    func put<Entity: StoredEntity>(_ entities: [Entity]) async throws {
        _ = try await services.database.write { connection in
            try Records<Entity>.upsert(
                entities.map { ($0, Provenance(system: "erp", observedAt: TestClock.start)) }, on: connection, at: TestClock.start
            )
        }
    }

    func supersede(_ old: ID<Item>, by new: ID<Item>) async throws {
        try await put([Item(id: old, name: old.rawValue, stockingUnit: .piece, supersededBy: new)])
    }

    /// Nothing was sold of an item in its last weeks, because there was nothing to sell.
    func runOut(of item: ID<Item>, weeks: Int) async throws {
        let today = TimeZoneName.utc.date(at: TestClock.start)
        var rows = DemandRows()
        for location in Self.locations {
            for week in 1...weeks {
                let demand = Demand(
                    item: item, location: location, date: today.adding(days: -7 * week), quantity: .zero, isCensored: true)
                rows.append(demand, observedAt: TestClock.start + .hours(1))
            }
        }
        let loaded = rows
        _ = try await services.database.write { connection in
            try DemandLoader(system: "erp").store(loaded, on: connection).counts
        }
    }

    /// A cycle of everything, with a run in chunks of four positions begun.
    func begin() async throws -> (cycle: CycleRow, run: EngineRun) {
        let cycle = try await CycleDesk(services).open(CyclePlan(name: "network", horizon: 8, history: 26))
        return (cycle, try await EngineRuns(services, chunk: 4).begin(cycle.id))
    }

    /// What was forecast: the means by position.
    func forecasts() async throws -> [String: [Double]] {
        try await services.database.read { connection in
            let stored = try Records<Forecast>.page(limit: 1000, on: connection)
            return Dictionary(uniqueKeysWithValues: stored.map { ($0.entity.id.rawValue, $0.entity.mean) })
        }
    }

    /// Who answered, over all positions.
    func methods() async throws -> Set<String> {
        try await services.database.read { connection in
            Set(try Records<Forecast>.page(limit: 1000, on: connection).map(\.entity.method))
        }
    }

    func recommendations() async throws -> [String] {
        try await services.database.read { connection in
            try connection.rows("SELECT order_key, version FROM replenishment ORDER BY order_key, version") { row in
                "\(try row[0] as String) \(try row[1] as Int)"
            }
        }
    }

    /// What was recommended for a position, the policy first.
    func made(_ item: ID<Item>, at location: ID<Location>) async throws -> [Recommendation] {
        try await services.database.read { connection in
            try connection.rows(
                "SELECT body FROM recommendation WHERE item = \(item) AND location = \(location) ORDER BY order_key"
            ) { row in try JSON.decode(Recommendation.self, from: try row[0] as String) }
        }
    }

    func exceptions() async throws -> [ExceptionCase] {
        try await services.database.read { connection in try Replenishment.Exceptions.list(on: connection) }
    }
}
