import Vocabulary

/// A way that goods move from one location to another.
public struct Lane: CanonicalEntity {
    public static let contract = Contract("lane", version: 1)

    public let id: ID<Lane>
    public let origin: ID<Location>
    public let destination: ID<Location>
    /// Calendar days from departure to receipt, on average.
    public var transitDays: Double
    public var transitDeviation: Double
    public var costPerShipment: Money
    /// Per stocking unit.
    public var costPerUnit: Money
    public var currency: CurrencyCode
    /// The days on which something departs.
    public var calendar: WorkingCalendar
    /// In stocking units; zero when any quantity will do.
    public var minimumQuantity: Quantity
    public var isActive: Bool

    public init(
        origin: ID<Location>, destination: ID<Location>, transitDays: Double, transitDeviation: Double = 0,
        costPerShipment: Money = .zero, costPerUnit: Money = .zero, currency: CurrencyCode, calendar: WorkingCalendar = .everyDay,
        minimumQuantity: Quantity = .zero, isActive: Bool = true
    ) {
        id = .joining(origin.rawValue, destination.rawValue)
        self.origin = origin
        self.destination = destination
        self.transitDays = transitDays
        self.transitDeviation = transitDeviation
        self.costPerShipment = costPerShipment
        self.costPerUnit = costPerUnit
        self.currency = currency
        self.calendar = calendar
        self.minimumQuantity = minimumQuantity
        self.isActive = isActive
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(origin, "origin")
        found.requireIdentifier(destination, "destination")
        found.require(origin != destination, "destination", found: destination.rawValue, "another location than the origin")
        found.requireNotNegative(transitDays, "transitDays")
        found.requireNotNegative(transitDeviation, "transitDeviation")
        found.requireNotNegative(costPerShipment, "costPerShipment")
        found.requireNotNegative(costPerUnit, "costPerUnit")
        found.requireNotNegative(minimumQuantity, "minimumQuantity")
        return found
    }
}

extension Lane {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            origin: fields[.origin], destination: fields[.destination], transitDays: fields[.transitDays],
            transitDeviation: fields[.transitDeviation, else: 0], costPerShipment: fields[.costPerShipment, else: .zero],
            costPerUnit: fields[.costPerUnit, else: .zero], currency: fields[.currency],
            calendar: fields[.calendar, else: .everyDay], minimumQuantity: fields[.minimumQuantity, else: .zero],
            isActive: fields[.isActive, else: true])
        try fields.requireDerived(id, .id)
    }
}

extension Lane: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("calendar", calendar)
            json.add("costPerShipment", costPerShipment)
            json.add("costPerUnit", costPerUnit)
            json.add("currency", currency)
            json.add("destination", destination)
            json.add("id", id)
            json.add("isActive", isActive)
            json.add("minimumQuantity", minimumQuantity)
            json.add("origin", origin)
            json.add("transitDays", transitDays)
            json.add("transitDeviation", transitDeviation)
        }
    }
}
