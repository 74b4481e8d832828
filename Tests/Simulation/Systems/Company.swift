import CanonicalModel
import CanonicalStore
import ConnectorKit
import Governance
import Storage
import Vocabulary

/// The small company of the simulated world: two items, four locations, and an outside system of each kind.
package enum Company {
    package static let items: [ID<Item>] = ["bolt", "nut"]
    /// By the system that acts for them. Goods move from `west` to `east`; `west` sells nothing itself.
    package static let locations: [(id: ID<Location>, system: ID<ExternalSystem>)] = [
        ("east", "probed"), ("west", "probed"), ("north", "keyed"), ("south", "blind"),
    ]
    /// How each system lets an action be repeated.
    package static let systems: [(id: ID<ExternalSystem>, repeatability: Capability.Repeatability)] = [
        ("probed", .naturalKeyProbe), ("keyed", .nativeIdempotency), ("blind", .none),
    ]
    /// How long after a call an effect may still appear.
    package static let settles = Duration.seconds(30)
    /// What fits into `east`.
    package static let capacity = 1500
    package static let levels = PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200))

    package static func openingStock(at location: ID<Location>) -> Int { location == "west" ? 420 : 60 }

    /// The decision table, read once for all worlds.
    static let decisions = Result { () throws(Fault) in try DecisionTable(yaml: table, file: "simulation.yaml") }

    private static let table = """
        version: 1
        limits: {currency: USD, roles: {planner: 2500}}
        tolerances: {percent: 10, absolute: 5}
        approval: {dueHours: 1, escalateAfterHours: 1, escalateTo: operations, expireAfterHours: 3}
        rows:
          - name: checks-failed
            reason: It would do harm.
            when: {checks: failed}
            then: {hold: planning}
          - name: no-room
            reason: The goods would find no room.
            when: {kind: [createTransfer, createPurchaseProposal], capacity: exceeded}
            then: {hold: warehouse}
          - name: drifted
            reason: The stock is not what it was.
            when: {drift: beyond}
            then: {hold: planning}
          - name: large
            reason: Two people look at much money.
            when: {value: "> 1600"}
            then: {requireTwoPeople: {roles: [planner, buyer]}}
          - name: purchase
            reason: Money leaves the company.
            when: {kind: createPurchaseProposal, item: nut}
            then: {requireApproval: {roles: [planner, buyer]}}
          - name: everything-else
            reason: Small things go by themselves.
            then: autoApprove
        """

    /// Writes down what never changes.
    static func found(in database: any Database, at now: Instant) async throws {
        try await database.write { connection in
            try store(
                locations.map { id, system in
                    Location(
                        id: id, name: id.rawValue, region: id.rawValue,
                        capacity: id == "east" ? Quantity(capacity) : nil, system: system)
                }, on: connection, at: now)
            try store(
                items.map { id in
                    Item(
                        id: id, name: id.rawValue, stockingUnit: .piece, unitCost: Money(10), currency: "USD",
                        space: Quantity(1))
                }, on: connection, at: now)
            try store([Supplier(id: "acme", name: "Acme")], on: connection, at: now)
            try store(
                items.map { item in
                    Sourcing(
                        item: item, supplier: "acme", leadTimeDays: 10, leadTimeDeviation: 2, unit: .piece,
                        minimumQuantity: Quantity(20), multiple: Quantity(10), price: Money(10), currency: "USD")
                }, on: connection, at: now)
            try store(
                [Lane(origin: "west", destination: "east", transitDays: 2, costPerShipment: Money(30), currency: "USD")],
                on: connection, at: now)
        }
    }

    /// Stores what a feed said at `now`.
    static func store<Entity: StoredEntity>(_ entities: [Entity], on connection: any Connection, at now: Instant) throws {
        _ = try Records<Entity>.upsert(
            entities.map { ($0, Provenance(system: "probed", observedAt: now)) }, on: connection, at: now)
    }
}
