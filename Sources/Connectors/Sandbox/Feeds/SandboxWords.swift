import CanonicalModel
import ConnectorKit
import Vocabulary

/// The sandbox ERP's word for it on the right, ours on the left.
struct SandboxWords: Sendable {
    let names: Crosswalk

    func item(_ record: SandboxItem) throws(Fault) -> CanonicalRecord {
        guard let abcClass = ABCClass(rawValue: record.abcClass.lowercased()) else {
            throw .invalid("abcClass", found: record.abcClass, expected: "A, B or C")
        }
        guard let criticality = Criticality(rawValue: record.criticality) else {
            throw .invalid("criticality", found: record.criticality, expected: "low, normal, high or vital")
        }
        return .item(
            Item(
                id: names.item(record.id), name: record.title, stockingUnit: record.unit,
                conversions: record.alternativeUnits.map { UnitConversion(unit: $0.unit, factor: $0.factor) },
                gtin: record.gtin, family: record.family, abcClass: abcClass, criticality: criticality,
                unitCost: record.unitValue, currency: record.currency, space: record.space,
                supersededBy: record.supersededBy.map(names.item), isRetired: !record.active))
    }

    func location(_ record: SandboxLocation) -> CanonicalRecord {
        .location(
            Location(
                id: names.location(record.id), name: record.title, kind: .distributionCenter, region: record.region,
                timeZone: record.timeZone, calendar: record.calendar, capacity: record.capacity))
    }

    func supplier(_ record: SandboxSupplier) -> CanonicalRecord {
        .supplier(Supplier(id: names.supplier(record.id), name: record.title, calendar: record.calendar))
    }

    func sourcing(_ record: SandboxSourcing) -> CanonicalRecord {
        .sourcing(
            Sourcing(
                item: names.item(record.item), supplier: names.supplier(record.supplier),
                location: record.location.map(names.location), rank: record.rank, leadTimeDays: record.leadTimeDays.double,
                leadTimeDeviation: record.leadTimeDeviationDays.double, unit: record.unit,
                minimumQuantity: record.minimumQuantity, multiple: record.multipleQuantity,
                maximumQuantity: record.maximumQuantity, price: record.price, currency: record.currency,
                validFrom: record.validFrom, validUntil: record.validUntil))
    }

    func lane(_ record: SandboxLane) -> CanonicalRecord {
        .lane(
            Lane(
                origin: names.location(record.origin), destination: names.location(record.destination),
                transitDays: record.transitDays.double, transitDeviation: record.transitDeviationDays.double,
                costPerShipment: record.costPerShipment, costPerUnit: record.costPerUnit, currency: record.currency,
                calendar: record.calendar))
    }

    func policy(_ record: SandboxPolicy) -> CanonicalRecord {
        .policy(
            InventoryPolicy(
                item: names.item(record.item), location: names.location(record.location), levels: record.levels,
                serviceTarget: record.serviceTarget.double, serviceTargetType: record.serviceTargetType,
                trigger: record.trigger))
    }

    func balance(_ record: SandboxBalance) -> CanonicalRecord {
        .balance(
            Balance(
                item: names.item(record.item), location: names.location(record.location), onHand: record.onHand,
                allocated: record.allocated, inTransit: record.inTransit, onOrder: record.onOrder))
    }

    func supply(_ record: SandboxOrderLine) -> CanonicalRecord {
        .supply(
            SupplyLine(
                id: .joining(SandboxConnector.manifest.name, record.id), order: record.document, kind: record.kind.canonical,
                state: record.state, item: names.item(record.item), destination: names.location(record.location),
                origin: record.origin.map(names.location), supplier: record.supplier.map(names.supplier),
                ordered: record.ordered, received: record.received, dueOn: record.dueOn, committedOn: record.committedOn,
                committedQuantity: record.committedQuantity, reference: record.reference))
    }

    func demand(_ record: SandboxDemand) -> CanonicalRecord {
        .demand(
            Demand(
                item: names.item(record.item), location: names.location(record.location), date: record.day,
                quantity: record.quantity))
    }
}

extension SandboxPolicy {
    var levels: PolicyLevels {
        PolicyLevels(
            reorderPoint: reorderPoint, safetyStock: safetyStock, orderUpTo: orderUpTo, orderQuantity: orderQuantity)
    }
}

extension SandboxOrderLine {
    var state: SupplyState {
        switch (status, kind) {
        case (.open, .purchaseRequisition): .draft
        case (.open, .purchaseOrder), (.open, .transfer): .confirmed
        case (.shipped, _): .inTransit
        case (.received, _): .received
        case (.cancelled, _): .cancelled
        }
    }
}

extension SandboxOrderLine.Kind {
    var canonical: SupplyKind {
        switch self {
        case .purchaseRequisition: .requisition
        case .purchaseOrder: .purchase
        case .transfer: .transfer
        }
    }
}
