import Vocabulary

/// A row of master data or business that the ERP hands out over its read routes.
///
/// Rows carry the instant of their last change; together with `id` it orders every feed, so that a reader
/// who stops anywhere can go on from there.
protocol ERPRecord: Codable, Sendable {
    /// The route that hands it out: `items` is read at `GET /items`.
    static var feed: String { get }
    var id: String { get }
    var changedAt: Instant { get set }
}

/// An alternative unit of one item: one `unit` is `factor` of the item's stocking unit.
package struct ERPUnit: Codable, Sendable, Hashable {
    package let unit: UnitCode
    package let factor: Ratio
    package let gtin: String
}

/// What the distributor stocks and sells.
package struct ERPItem: ERPRecord {
    static let feed = "items"
    package let id: String
    package var changedAt: Instant
    package let title: String
    package let family: String
    package let unit: UnitCode
    package let alternativeUnits: [ERPUnit]
    package let gtin: String
    /// A, B or C by annual value.
    package let abcClass: String
    /// What it means to be without it: `low`, `normal`, `high` or `vital`.
    package let criticality: String
    /// Cost of one stocking unit.
    package let unitValue: Money
    package let currency: CurrencyCode
    package let introducedOn: BusinessDate
    /// Litres of shelf that one stocking unit takes.
    package let space: Quantity
    /// The item that takes this one's place.
    package let supersededBy: String?
    package let active: Bool
}

/// A warehouse of the distributor.
package struct ERPLocation: ERPRecord {
    static let feed = "locations"
    package let id: String
    package var changedAt: Instant
    package let title: String
    package let region: String
    package let timeZone: TimeZoneName
    package let calendar: WorkingCalendar
    /// Litres that the shelves hold.
    package let capacity: Quantity
}

/// A company the distributor buys from.
package struct ERPSupplier: ERPRecord {
    static let feed = "suppliers"
    package let id: String
    package var changedAt: Instant
    package let title: String
    package let country: String
    package let currency: CurrencyCode
    package let calendar: WorkingCalendar
}

/// The terms on which one supplier delivers one item, to one location or to all of them.
package struct ERPSourcing: ERPRecord {
    static let feed = "sourcing"
    package let id: String
    package var changedAt: Instant
    package let item: String
    package let supplier: String
    /// Nil: the terms hold for every location that has none of its own.
    package let location: String?
    package let leadTimeDays: Quantity
    package let leadTimeDeviationDays: Quantity
    package let unit: UnitCode
    package let minimumQuantity: Quantity
    package let multipleQuantity: Quantity
    package let maximumQuantity: Quantity?
    /// For one `unit`, which the quantities count as well.
    package let price: Money
    package let currency: CurrencyCode
    package let validFrom: BusinessDate
    package let validUntil: BusinessDate?
    /// 1 is the supplier that a buyer would take first.
    package let rank: Int
}

/// A way goods move between two warehouses.
package struct ERPLane: ERPRecord {
    static let feed = "lanes"
    package let id: String
    package var changedAt: Instant
    package let origin: String
    package let destination: String
    package let transitDays: Quantity
    package let transitDeviationDays: Quantity
    package let costPerShipment: Money
    package let costPerUnit: Money
    package let currency: CurrencyCode
    /// The weekdays on which a lorry leaves.
    package let calendar: WorkingCalendar
}
