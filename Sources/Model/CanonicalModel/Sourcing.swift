import Vocabulary

/// One way to buy an item for a location: from whom, how long it takes, in what lots, at what price.
public struct Sourcing: CanonicalEntity {
    public static let contract = Contract("sourcing", version: 1)

    public let id: ID<Sourcing>
    public let item: ID<Item>
    public let supplier: ID<Supplier>
    /// The location it serves; nil for every location.
    public let location: ID<Location>?
    /// Lower is preferred when costs are equal.
    public var rank: Int
    /// Calendar days from order to receipt, on average.
    public var leadTimeDays: Double
    /// Standard deviation of the same, in days.
    public var leadTimeDeviation: Double
    /// The unit that the quantities and the price count.
    public var unit: UnitCode
    public var minimumQuantity: Quantity
    /// Orders are whole multiples of this; zero when any quantity will do.
    public var multiple: Quantity
    /// The most that one order may ask for; nil when not limited.
    public var maximumQuantity: Quantity?
    public var price: Money
    public var currency: CurrencyCode
    public var validFrom: BusinessDate?
    public var validUntil: BusinessDate?

    public init(
        item: ID<Item>, supplier: ID<Supplier>, location: ID<Location>? = nil, rank: Int = 1, leadTimeDays: Double,
        leadTimeDeviation: Double = 0, unit: UnitCode, minimumQuantity: Quantity = .zero, multiple: Quantity = .zero,
        maximumQuantity: Quantity? = nil, price: Money, currency: CurrencyCode, validFrom: BusinessDate? = nil,
        validUntil: BusinessDate? = nil
    ) {
        id = .joining(item.rawValue, supplier.rawValue, location?.rawValue ?? "*")
        self.item = item
        self.supplier = supplier
        self.location = location
        self.rank = rank
        self.leadTimeDays = leadTimeDays
        self.leadTimeDeviation = leadTimeDeviation
        self.unit = unit
        self.minimumQuantity = minimumQuantity
        self.multiple = multiple
        self.maximumQuantity = maximumQuantity
        self.price = price
        self.currency = currency
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    public func isValid(on date: BusinessDate) -> Bool {
        (validFrom.map { $0 <= date } ?? true) && (validUntil.map { date <= $0 } ?? true)
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(item, "item")
        found.requireIdentifier(supplier, "supplier")
        found.requireIdentifier(location, "location")
        found.requireNotNegative(leadTimeDays, "leadTimeDays")
        found.requireNotNegative(leadTimeDeviation, "leadTimeDeviation")
        found.requireNotNegative(minimumQuantity, "minimumQuantity")
        found.requireNotNegative(multiple, "multiple")
        found.requireNotNegative(price, "price")
        if let maximumQuantity {
            found.require(
                maximumQuantity.isPositive && maximumQuantity >= minimumQuantity, "maximumQuantity",
                found: maximumQuantity.description, "at least minimumQuantity (\(minimumQuantity)), above zero")
        }
        if let validFrom, let validUntil {
            found.require(validFrom <= validUntil, "validUntil", found: validUntil.description, "on or after \(validFrom)")
        }
        return found
    }
}

extension Sourcing {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            item: fields[.item], supplier: fields[.supplier], location: fields[ifPresent: .location],
            rank: fields[.rank, else: 1], leadTimeDays: fields[.leadTimeDays],
            leadTimeDeviation: fields[.leadTimeDeviation, else: 0], unit: fields[.unit],
            minimumQuantity: fields[.minimumQuantity, else: .zero], multiple: fields[.multiple, else: .zero],
            maximumQuantity: fields[ifPresent: .maximumQuantity], price: fields[.price], currency: fields[.currency],
            validFrom: fields[ifPresent: .validFrom], validUntil: fields[ifPresent: .validUntil])
        try fields.requireDerived(id, .id)
    }
}

extension Sourcing: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("currency", currency)
            json.add("id", id)
            json.add("item", item)
            json.add("leadTimeDays", leadTimeDays)
            json.add("leadTimeDeviation", leadTimeDeviation)
            json.add("location", location)
            json.add("maximumQuantity", maximumQuantity)
            json.add("minimumQuantity", minimumQuantity)
            json.add("multiple", multiple)
            json.add("price", price)
            json.add("rank", rank)
            json.add("supplier", supplier)
            json.add("unit", unit)
            json.add("validFrom", validFrom)
            json.add("validUntil", validUntil)
        }
    }
}
