import Vocabulary

/// What we will do to one outside system. Nothing else ever leaves towards an ERP.
public enum Action: Hashable, Sendable {
    case setInventoryPolicy(PolicyChange)
    case createTransfer(TransferProposal)
    case createPurchaseProposal(PurchaseProposal)

    public var kind: ActionKind {
        switch self {
        case .setInventoryPolicy: .setInventoryPolicy
        case .createTransfer: .createTransfer
        case .createPurchaseProposal: .createPurchaseProposal
        }
    }

    public var item: ID<Item> {
        switch self {
        case .setInventoryPolicy(let change): change.item
        case .createTransfer(let transfer): transfer.item
        case .createPurchaseProposal(let purchase): purchase.item
        }
    }

    /// The location that the action is for: the destination of goods.
    public var location: ID<Location> {
        switch self {
        case .setInventoryPolicy(let change): change.location
        case .createTransfer(let transfer): transfer.destination
        case .createPurchaseProposal(let purchase): purchase.location
        }
    }
}

public enum ActionKind: String, Codable, Sendable, CaseIterable {
    case setInventoryPolicy, createTransfer, createPurchaseProposal
}

/// New absolute figures for a policy; `previous` is what they replace, as far as we knew.
public struct PolicyChange: Codable, Hashable, Sendable {
    public let item: ID<Item>
    public let location: ID<Location>
    public let levels: PolicyLevels
    public let previous: PolicyLevels?

    public init(item: ID<Item>, location: ID<Location>, levels: PolicyLevels, previous: PolicyLevels?) {
        self.item = item
        self.location = location
        self.levels = levels
        self.previous = previous
    }
}

/// Goods from one location of ours to another.
public struct TransferProposal: Codable, Hashable, Sendable {
    public let item: ID<Item>
    public let origin: ID<Location>
    public let destination: ID<Location>
    /// In stocking units.
    public let quantity: Quantity
    public let unit: UnitCode
    public let shipOn: BusinessDate
    public let dueOn: BusinessDate

    public init(
        item: ID<Item>, origin: ID<Location>, destination: ID<Location>, quantity: Quantity, unit: UnitCode,
        shipOn: BusinessDate, dueOn: BusinessDate
    ) {
        self.item = item
        self.origin = origin
        self.destination = destination
        self.quantity = quantity
        self.unit = unit
        self.shipOn = shipOn
        self.dueOn = dueOn
    }
}

/// Goods asked of a supplier: a requisition or draft order that the ERP's own buyers take further.
public struct PurchaseProposal: Codable, Hashable, Sendable {
    public let item: ID<Item>
    public let location: ID<Location>
    public let supplier: ID<Supplier>
    /// One entry an order; more than one only where the cap rule splits. In `unit`.
    public let quantities: [Quantity]
    /// The unit in which the supplier sells.
    public let unit: UnitCode
    public let unitPrice: Money
    public let currency: CurrencyCode
    public let orderOn: BusinessDate
    public let dueOn: BusinessDate

    public init(
        item: ID<Item>, location: ID<Location>, supplier: ID<Supplier>, quantities: [Quantity], unit: UnitCode,
        unitPrice: Money, currency: CurrencyCode, orderOn: BusinessDate, dueOn: BusinessDate
    ) {
        self.item = item
        self.location = location
        self.supplier = supplier
        self.quantities = quantities
        self.unit = unit
        self.unitPrice = unitPrice
        self.currency = currency
        self.orderOn = orderOn
        self.dueOn = dueOn
    }

    public var quantity: Quantity {
        get throws(Fault) { try Quantity.sum(quantities) }
    }
}

extension Action: Codable {
    private enum CodingKeys: String, CodingKey { case kind }

    /// The fields of the action with `kind` among them.
    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: CodingKeys.self).decode(ActionKind.self, forKey: .kind) {
        case .setInventoryPolicy: self = .setInventoryPolicy(try PolicyChange(from: decoder))
        case .createTransfer: self = .createTransfer(try TransferProposal(from: decoder))
        case .createPurchaseProposal: self = .createPurchaseProposal(try PurchaseProposal(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .setInventoryPolicy(let change): try change.encode(to: encoder)
        case .createTransfer(let transfer): try transfer.encode(to: encoder)
        case .createPurchaseProposal(let purchase): try purchase.encode(to: encoder)
        }
    }
}

extension Action: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .setInventoryPolicy(let change): change.addFields(to: &json, kind)
            case .createTransfer(let transfer): transfer.addFields(to: &json, kind)
            case .createPurchaseProposal(let purchase): purchase.addFields(to: &json, kind)
            }
        }
    }
}

extension ActionKind: JSONWritable {}

extension PolicyChange {
    fileprivate func addFields(to json: inout JSONWriter, _ kind: ActionKind) {
        json.add("item", item)
        json.add("kind", kind)
        json.add("levels", levels)
        json.add("location", location)
        json.add("previous", previous)
    }
}

extension TransferProposal {
    fileprivate func addFields(to json: inout JSONWriter, _ kind: ActionKind) {
        json.add("destination", destination)
        json.add("dueOn", dueOn)
        json.add("item", item)
        json.add("kind", kind)
        json.add("origin", origin)
        json.add("quantity", quantity)
        json.add("shipOn", shipOn)
        json.add("unit", unit)
    }
}

extension PurchaseProposal {
    fileprivate func addFields(to json: inout JSONWriter, _ kind: ActionKind) {
        json.add("currency", currency)
        json.add("dueOn", dueOn)
        json.add("item", item)
        json.add("kind", kind)
        json.add("location", location)
        json.add("orderOn", orderOn)
        json.add("quantities", quantities)
        json.add("supplier", supplier)
        json.add("unit", unit)
        json.add("unitPrice", unitPrice)
    }
}
