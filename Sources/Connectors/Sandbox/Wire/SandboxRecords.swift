import CanonicalModel
import Vocabulary

/// What the sandbox ERP's feeds hold, in its own words; only the fields that we take.
struct SandboxItem: Decodable {
    struct Unit: Decodable {
        let unit: UnitCode
        let factor: Ratio
    }

    let id: String
    let title: String
    let family: String
    let unit: UnitCode
    let alternativeUnits: [Unit]
    let gtin: String
    let abcClass: String
    let criticality: String
    let unitValue: Money
    let currency: CurrencyCode
    let space: Quantity
    let supersededBy: String?
    let active: Bool
}

struct SandboxLocation: Decodable {
    let id: String
    let title: String
    let region: String
    let timeZone: TimeZoneName
    let calendar: WorkingCalendar
    let capacity: Quantity
}

struct SandboxSupplier: Decodable {
    let id: String
    let title: String
    let calendar: WorkingCalendar
}

struct SandboxSourcing: Decodable {
    let item: String
    let supplier: String
    let location: String?
    let leadTimeDays: Quantity
    let leadTimeDeviationDays: Quantity
    let unit: UnitCode
    let minimumQuantity: Quantity
    let multipleQuantity: Quantity
    let maximumQuantity: Quantity?
    let price: Money
    let currency: CurrencyCode
    let validFrom: BusinessDate
    let validUntil: BusinessDate?
    let rank: Int
}

struct SandboxLane: Decodable {
    let origin: String
    let destination: String
    let transitDays: Quantity
    let transitDeviationDays: Quantity
    let costPerShipment: Money
    let costPerUnit: Money
    let currency: CurrencyCode
    let calendar: WorkingCalendar
}

struct SandboxPolicy: Decodable {
    let item: String
    let location: String
    let reorderPoint: Quantity
    let safetyStock: Quantity
    let orderUpTo: Quantity
    let orderQuantity: Quantity?
    let serviceTarget: Quantity
    let serviceTargetType: ServiceTargetType
    let trigger: Trigger
}

struct SandboxBalance: Decodable {
    let item: String
    let location: String
    let onHand: Quantity
    let allocated: Quantity
    let inTransit: Quantity
    let onOrder: Quantity
}

struct SandboxOrderLine: Decodable {
    enum Kind: String, Decodable { case purchaseRequisition, purchaseOrder, transfer }
    enum Status: String, Decodable { case open, shipped, received, cancelled }

    let id: String
    let document: String
    let kind: Kind
    let item: String
    let location: String
    let supplier: String?
    let origin: String?
    let ordered: Quantity
    let received: Quantity
    let askedQuantity: Quantity
    let askedUnit: UnitCode
    let dueOn: BusinessDate
    let committedOn: BusinessDate?
    let committedQuantity: Quantity?
    let status: Status
    let reference: String?
}

struct SandboxDemand: Decodable {
    let item: String
    let location: String
    let day: BusinessDate
    let quantity: Quantity
}

struct SandboxDocument: Decodable {
    let number: String
    let kind: String
    let reference: String?
    let lines: [SandboxOrderLine]
    let policy: SandboxPolicy?
}

struct SandboxDocuments: Decodable {
    let documents: [SandboxDocument]
}

struct SandboxStatus: Decodable {
    let company: String
    let version: String
    let now: Instant
    let deduplicate: Bool
}
