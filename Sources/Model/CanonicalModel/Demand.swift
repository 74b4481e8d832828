import Vocabulary

/// How much of an item was asked for at a location in one period.
public struct Demand: CanonicalEntity {
    public static let contract = Contract("demand", version: 1)

    public var id: ID<Demand> { .joining(item.rawValue, location.rawValue, date.description) }
    public let item: ID<Item>
    public let location: ID<Location>
    /// The first day of the period in the location's own calendar; of daily demand, the day.
    public let date: BusinessDate
    /// In stocking units: what was asked for, not only what was shipped.
    public var quantity: Quantity
    /// There was no stock, so what was asked for is at least this.
    public var isCensored: Bool

    public init(item: ID<Item>, location: ID<Location>, date: BusinessDate, quantity: Quantity, isCensored: Bool = false) {
        self.item = item
        self.location = location
        self.date = date
        self.quantity = quantity
        self.isCensored = isCensored
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(item, "item")
        found.requireIdentifier(location, "location")
        found.requireNotNegative(quantity, "quantity")
        return found
    }
}

extension Demand {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            item: fields[.item], location: fields[.location], date: fields[.date], quantity: fields[.quantity],
            isCensored: fields[.isCensored, else: false])
    }
}
