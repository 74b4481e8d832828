import CanonicalModel
import Testing
import Vocabulary

@Suite struct `Entities as JSON` {
    @Test func `what has a standard value may be left out`() throws {
        let item: Item = try JSON.decode(from: #"{"id": "bolt-m8", "name": "Bolt M8", "stockingUnit": "C62"}"#)
        #expect(item == Item(id: "bolt-m8", name: "Bolt M8", stockingUnit: .piece))
        let location: Location = try JSON.decode(from: #"{"id": "dc-east", "name": "East", "capacity": 12.5}"#)
        #expect(location == Location(id: "dc-east", name: "East", capacity: Quantity(scaled: 12_500_000)))
        let supplier: Supplier = try JSON.decode(from: #"{"id": "acme", "name": "Acme", "calendar": null}"#)
        #expect(supplier == Supplier(id: "acme", name: "Acme"))
        let balance: Balance = try JSON.decode(from: #"{"item": "bolt-m8", "location": "dc-east", "onHand": "7"}"#)
        #expect(balance == Balance(item: "bolt-m8", location: "dc-east", onHand: Quantity(7)))
        let demand: Demand = try JSON.decode(
            from: #"{"item": "bolt-m8", "location": "dc-east", "date": "2026-03-02", "quantity": "3"}"#)
        #expect(!demand.isCensored)
    }

    @Test func `an identifier that follows from the fields may be left out but not contradicted`() throws {
        let fields = #""origin": "dc-east", "destination": "dc-west", "transitDays": 2, "currency": "USD""#
        let lane: Lane = try JSON.decode(from: "{\(fields)}")
        #expect(lane.id == "dc-east|dc-west")
        #expect(try JSON.decode(Lane.self, from: "{\"id\": \"dc-east|dc-west\", \(fields)}") == lane)
        let fault = #expect(throws: Fault.self) { try JSON.decode(Lane.self, from: "{\"id\": \"other\", \(fields)}") }
        #expect(fault?.violations.first?.field == "id")
    }

    @Test func `a required field that is missing is named`() {
        let fault = #expect(throws: Fault.self) { try JSON.decode(Item.self, from: #"{"id": "bolt-m8", "name": "Bolt"}"#) }
        #expect(fault?.violations.map(\.field) == ["stockingUnit"])
    }

    @Test func `every entity comes back as it went`() throws {
        func requireThereAndBack<Entity: CanonicalEntity>(_ entity: Entity) throws {
            #expect(entity.violations().isEmpty, "\(entity.violations())")
            #expect(try JSON.decode(Entity.self, from: JSON.text(of: entity)) == entity)
        }
        let calendar = WorkingCalendar(workdays: [.monday, .friday], closedOn: [BusinessDate(dayNumber: 20_000)])
        try requireThereAndBack(
            Item(
                id: "bolt-m8", name: "Bolt", stockingUnit: .piece, conversions: [.init(unit: "CS", factor: Ratio(12, 1))],
                gtin: "4006381333931", family: "bolts", abcClass: .a, xyzClass: .z, criticality: .vital,
                unitCost: Money(scaled: 1), currency: "EUR", space: Quantity(2), supersededBy: "bolt-m9", isRetired: true))
        try requireThereAndBack(
            Location(
                id: "dc", name: "DC", kind: .store, region: "south", timeZone: TimeZoneName(checking: "Europe/Berlin", field: ""),
                calendar: calendar, capacity: Quantity(5), system: "erp", isActive: false))
        try requireThereAndBack(Supplier(id: "acme", name: "Acme", calendar: .mondayToFriday, isBlocked: true))
        try requireThereAndBack(
            Sourcing(
                item: "bolt-m8", supplier: "acme", location: "dc", rank: 2, leadTimeDays: 7.5, leadTimeDeviation: 2, unit: "CS",
                minimumQuantity: Quantity(2), multiple: Quantity(1), maximumQuantity: Quantity(40), price: Money(9),
                currency: "EUR", validFrom: BusinessDate(dayNumber: 1), validUntil: BusinessDate(dayNumber: 2)))
        try requireThereAndBack(
            InventoryPolicy(
                item: "bolt-m8", location: "dc",
                levels: PolicyLevels(
                    reorderPoint: Quantity(10), safetyStock: Quantity(3), orderUpTo: Quantity(30), orderQuantity: Quantity(5)),
                serviceTarget: 0.9, serviceTargetType: .fillRate, trigger: .below, capRule: .split, reviewDays: 7, fedFrom: "hub")
        )
        try requireThereAndBack(
            SupplyLine(
                id: "erp|PO-1|1", order: "PO-1", kind: .transfer, state: .draft, item: "bolt-m8", destination: "dc",
                origin: "hub",
                supplier: "acme", ordered: Quantity(9), received: Quantity(1), dueOn: BusinessDate(dayNumber: 4),
                committedOn: BusinessDate(dayNumber: 5), committedQuantity: Quantity(8), reference: "PLM-1",
                orderedOn: BusinessDate(dayNumber: 2), receivedOn: BusinessDate(dayNumber: 6)))
        try requireThereAndBack(
            Forecast(
                item: "bolt-m8", location: "dc", source: "plimsoll", cycle: "c1", version: 3, method: "sba",
                start: BusinessDate(dayNumber: 9), periodDays: 7, mean: [1.5, 2], levels: [0.5, 0.9],
                quantiles: [[1, 2], [3, 4]], deviation: 0.3, isProvisional: true))
    }
}
