import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Governance
import Logging
import Storage
import TestBackends
import Vocabulary

@testable import Replenishment

/// Two distribution centres, one supplier, one item, and the flow between them and a scripted ERP.
struct FlowWorld {
    let services: FlowServices
    let erp: ScriptedERP
    let clock: TestClock
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static let migrations = canonicalMigrations + eventLogMigrations + auditMigrations + replenishmentMigrations
    static let maria = Approver(person: "maria", roles: ["planner", "buyer"])
    static let today = TimeZoneName.utc.date(at: TestClock.start)

    /// Runs `body` in a new world.
    static func run(
        on backend: Backend, table: String = planTable, migrations: [Migration] = Self.migrations,
        _ body: (FlowWorld) async throws -> Void
    ) async throws {
        try await backend.withDatabase(migrations: migrations, inMemory: true) { database in
            let clock = TestClock()
            let erp = ScriptedERP()
            let randomness = Randomness.seeded(7)
            var settings = FlowSettings()
            settings.attempts = 3
            // The clock stands still, and only waiting for an answer takes real time.
            let wallClock = WallClock(now: { clock.now }, pause: { try await Task.sleep(for: $0) })
            let services = FlowServices(
                database: database, events: EventLog(randomness: randomness), audit: AuditLog(),
                systems: ConnectedSystems([.init(name: "erp", connector: erp)]),
                policies: PolicyBook(current: try DecisionTable(yaml: table, file: "test.yaml")), clock: wallClock,
                randomness: randomness, settings: settings)
            let world = FlowWorld(services: services, erp: erp, clock: clock)
            try await world.stock()
            try await body(world)
        }
    }

    /// Every action needs one planner; nothing else is asked.
    static let planTable = """
        version: 1
        limits: {currency: USD}
        tolerances: {percent: 10, absolute: 5}
        approval: {dueHours: 24, escalateAfterHours: 24, escalateTo: operations, expireAfterHours: 72}
        rows:
          - name: everything
            reason: A planner looks at everything.
            then: {requireApproval: {roles: [planner], people: 1}}
        """

    static let automaticTable = planTable.replacing(
        "then: {requireApproval: {roles: [planner], people: 1}}", with: "then: autoApprove")

    func stock() async throws {
        let east = Location(id: "east", name: "East", region: "us", system: "erp")
        let west = Location(id: "west", name: "West", region: "us", system: "erp")
        try await put([east, west])
        try await put([Item(id: "bolt", name: "Bolt", stockingUnit: .piece, unitCost: Money(10), currency: "USD")])
        try await put([Supplier(id: "acme", name: "Acme")])
        try await put([
            Sourcing(
                item: "bolt", supplier: "acme", leadTimeDays: 10, leadTimeDeviation: 2, unit: .piece,
                minimumQuantity: Quantity(50),
                multiple: Quantity(10), price: Money(10), currency: "USD")
        ])
        try await put([
            InventoryPolicy(
                item: "bolt", location: "east",
                levels: PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200)))
        ])
        try await put([Balance(item: "bolt", location: "east", onHand: Quantity(60))])
    }

    /// Stores entities as the ERP sees them now.
    func put<Entity: StoredEntity>(_ entities: [Entity]) async throws {
        let now = clock.now
        _ = try await services.database.write { connection in
            try Records<Entity>.upsert(
                entities.map { ($0, Provenance(system: "erp", observedAt: now)) }, on: connection, at: now)
        }
    }

    func recommendation(
        _ id: ID<Recommendation> = "r1", quantity: Int = 140, neededIn days: Int = 12, madeAt: Instant = TestClock.start,
        proposedBy: ID<Person>? = nil,
        assumptions: Assumptions = Assumptions(onHand: Quantity(60), allocated: .zero, onOrder: .zero, inTransit: .zero)
    ) -> Recommendation {
        Recommendation(
            id: id, source: "forecastCloud", item: "bolt", location: "east",
            proposal: .replenishment(
                .init(quantity: Quantity(quantity), unit: .piece, neededBy: Self.today.adding(days: days))),
            assumptions: assumptions, madeAt: madeAt, proposedBy: proposedBy)
    }

    @discardableResult
    func accept(_ recommendations: Recommendation...) async throws -> [Receipt] {
        let receipts = try await Intake(services).accept(recommendations, by: "forecastCloud")
        _ = try await DecisionStage(services).run()
        return receipts
    }

    func row(_ id: ID<Recommendation> = "r1") async throws -> ReplenishmentRow {
        let services = services
        let now = clock.now
        return try await services.database.read { connection in
            try Ledger(connection: connection, now: now, services: services).row(id)
        }
    }

    func decision(_ id: ID<Recommendation> = "r1") async throws -> Decision {
        let last = try await Explainer(services).explain(id).decisions.last
        guard let last else { throw Fault.notFound("A decision of \(id)") }
        return last.decision
    }

    @discardableResult
    func approve(_ id: ID<Recommendation> = "r1", by approver: Approver = maria) async throws -> ApprovalDesk.Answer {
        try await ApprovalDesk(services).approve(id, decision: try await decision(id).id, by: approver)
    }

    /// Of a replica that is alive for the rest of the test, however busy the machine is: nobody renews it here.
    func lease(_ name: String = "test") async throws -> ReplicaLease {
        let lease = try await ReplicaLease.acquire(name, in: services.database)
        _ = try await services.database.write { connection in
            try connection.run(
                "UPDATE replica SET expires_at = \(.now) + \(Duration.hours(1).microseconds) WHERE epoch = \(lease.epoch)")
        }
        return lease
    }

    /// Sends and settles until nothing is due, an hour later each time.
    func runToEnd() async throws {
        let lease = try await lease()
        for _ in 0..<12 {
            _ = try await Dispatcher(services, lease: lease, logger: logger).run()
            _ = try await Settlement(services, lease: lease, logger: logger).run()
            clock.advance(by: .hours(1))
        }
    }

    func exceptions() async throws -> [ExceptionCase] {
        try await services.database.read { connection in try replenishmentExceptions(on: connection) }
    }
}

private func replenishmentExceptions(on connection: any Connection) throws -> [ExceptionCase] {
    try Replenishment.Exceptions.list(on: connection)
}
