import CanonicalModel
import CanonicalStore
import Storage
import TestBackends
import Testing
import Vocabulary

/// Every column is written and read in its place.
@Suite struct `Tables` {
    @Test(arguments: Backend.available)
    func `give back every entity as it was stored`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            try await requireThereAndBack(Samples.items, in: database)
            try await requireThereAndBack(Samples.locations, in: database)
            try await requireThereAndBack(Samples.suppliers, in: database)
            try await requireThereAndBack(Samples.sourcings, in: database)
            try await requireThereAndBack(Samples.lanes, in: database)
            try await requireThereAndBack(Samples.policies, in: database)
            try await requireThereAndBack(Samples.balances, in: database)
            try await requireThereAndBack(Samples.supply, in: database)
            try await requireThereAndBack(Samples.forecasts, in: database)
        }
    }

    private func requireThereAndBack<Entity: StoredEntity>(_ entities: [Entity], in database: any Database) async throws {
        let provenance = Provenance(system: "erp", observedAt: TestClock.start)
        let results = try await database.write { connection in
            try Records.upsert(entities.map { ($0, provenance) }, on: connection, at: TestClock.start)
        }
        #expect(results == entities.map { _ in .created(version: 1) })
        let stored = try await database.read { try Records<Entity>.get(entities.map(\.id), on: $0) }
        for entity in entities { #expect(stored[entity.id]?.entity == entity) }
    }
}

/// Entities with every optional field present, and with none.
enum Samples {
    static let calendar = WorkingCalendar(
        workdays: [.monday, .friday], closedOn: [BusinessDate(dayNumber: 20_000)], openOn: [BusinessDate(dayNumber: 20_001)])

    static let items = [
        Item(
            id: "bolt-m8", name: "Bolt “M8” – Größe 8", stockingUnit: .piece,
            conversions: [.init(unit: "CS", factor: .init(whole: 12)), .init(unit: "KGM", factor: .init(whole: 40))],
            gtin: "4006381333931", family: "bolts", abcClass: .a, xyzClass: .z, criticality: .vital, unitCost: Money(scaled: 1),
            currency: "EUR", space: Quantity(2), supersededBy: "bolt-m9", isRetired: true),
        Item(id: "nut", name: "Nut", stockingUnit: "KGM"),
    ]
    static let locations = [
        Location(
            id: "dc", name: "DC", kind: .store, region: "south", calendar: calendar, capacity: Quantity(5), system: "erp",
            isActive: false),
        Location(id: "east", name: "East", calendar: .mondayToFriday),
    ]
    static let suppliers = [
        Supplier(id: "acme", name: "Acme", calendar: .mondayToFriday, isBlocked: true), Supplier(id: "bolts", name: "Bolts"),
    ]
    static let sourcings = [
        Sourcing(
            item: "bolt-m8", supplier: "acme", location: "dc", rank: 2, leadTimeDays: 7.25, leadTimeDeviation: 2.5, unit: "CS",
            minimumQuantity: Quantity(2), multiple: Quantity(3), maximumQuantity: Quantity(40), price: Money(9), currency: "EUR",
            validFrom: BusinessDate(dayNumber: 1), validUntil: BusinessDate(dayNumber: 2)),
        Sourcing(item: "nut", supplier: "acme", leadTimeDays: 3, unit: "KGM", price: Money(scaled: 1), currency: "USD"),
    ]
    static let lanes = [
        Lane(
            origin: "east", destination: "dc", transitDays: 2.5, transitDeviation: 1, costPerShipment: Money(100),
            costPerUnit: Money(scaled: 20_000), currency: "USD", calendar: calendar, minimumQuantity: Quantity(4), isActive: false
        ),
        Lane(origin: "dc", destination: "east", transitDays: 1, currency: "USD"),
    ]
    static let policies = [
        InventoryPolicy(
            item: "bolt-m8", location: "dc",
            levels: PolicyLevels(
                reorderPoint: Quantity(10), safetyStock: Quantity(3), orderUpTo: Quantity(30), orderQuantity: Quantity(5)),
            serviceTarget: 0.9, serviceTargetType: .fillRate, trigger: .below, capRule: .split, reviewDays: 7, fedFrom: "hub"),
        InventoryPolicy(
            item: "nut", location: "dc", levels: PolicyLevels(reorderPoint: .zero, safetyStock: .zero, orderUpTo: Quantity(1))),
    ]
    static let balances = [
        Balance(
            item: "bolt-m8", location: "dc", onHand: Quantity(-2), allocated: Quantity(3), inTransit: Quantity(4),
            onOrder: Quantity(5)),
        Balance(item: "nut", location: "dc", onHand: .zero),
    ]
    static let supply = [
        SupplyLine(
            id: "erp|PO-1|1", order: "PO-1", kind: .transfer, state: .draft, item: "bolt-m8", destination: "dc", origin: "hub",
            supplier: "acme", ordered: Quantity(9), received: Quantity(1), dueOn: BusinessDate(dayNumber: 4),
            committedOn: BusinessDate(dayNumber: 5), committedQuantity: Quantity(8), reference: "PLM-1",
            orderedOn: BusinessDate(dayNumber: 2), receivedOn: BusinessDate(dayNumber: 6)),
        SupplyLine(
            id: "erp|PO-1|2", order: "PO-1", kind: .purchase, state: .inTransit, item: "nut", destination: "dc",
            ordered: Quantity(1)),
    ]
    static let forecasts = [
        Forecast(
            item: "bolt-m8", location: "dc", source: "plimsoll", cycle: "c1", version: 3, method: "sba",
            start: BusinessDate(dayNumber: 9), periodDays: 7, mean: [1.5, 0.1], levels: [0.5, 0.9],
            quantiles: [[1, 2], [3, 4.25]], deviation: 0.3, isProvisional: true),
        Forecast(
            item: "nut", location: "dc", source: "cloud", version: 1, method: "naive", start: BusinessDate(dayNumber: 9),
            periodDays: 1, mean: [0]),
    ]
}
