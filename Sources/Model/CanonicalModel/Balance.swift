import Vocabulary

/// How much of an item a location has, has promised and expects, in stocking units.
public struct Balance: CanonicalEntity {
    public static let contract = Contract("balance", version: 1)

    public let id: ID<Balance>
    public let item: ID<Item>
    public let location: ID<Location>
    /// Physically there; negative only when the source's own books are.
    public var onHand: Quantity
    /// Promised to customers or picked already.
    public var allocated: Quantity
    /// On its way from another location of ours.
    public var inTransit: Quantity
    /// Ordered from suppliers and not yet received.
    public var onOrder: Quantity

    public init(
        item: ID<Item>, location: ID<Location>, onHand: Quantity, allocated: Quantity = .zero, inTransit: Quantity = .zero,
        onOrder: Quantity = .zero
    ) {
        id = .joining(item.rawValue, location.rawValue)
        self.item = item
        self.location = location
        self.onHand = onHand
        self.allocated = allocated
        self.inTransit = inTransit
        self.onOrder = onOrder
    }

    /// What can still be promised.
    public var available: Quantity {
        get throws(Fault) { try onHand - allocated }
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(item, "item")
        found.requireIdentifier(location, "location")
        found.requireNotNegative(allocated, "allocated")
        found.requireNotNegative(inTransit, "inTransit")
        found.requireNotNegative(onOrder, "onOrder")
        return found
    }
}

extension Balance {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            item: fields[.item], location: fields[.location], onHand: fields[.onHand],
            allocated: fields[.allocated, else: .zero], inTransit: fields[.inTransit, else: .zero],
            onOrder: fields[.onOrder, else: .zero])
        try fields.requireDerived(id, .id)
    }
}

extension Balance: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("allocated", allocated)
            json.add("id", id)
            json.add("inTransit", inTransit)
            json.add("item", item)
            json.add("location", location)
            json.add("onHand", onHand)
            json.add("onOrder", onOrder)
        }
    }
}
