import Vocabulary

/// One line of open supply: an item that is to arrive at a location, bought or transferred.
public struct SupplyLine: CanonicalEntity {
    public static let contract = Contract("supplyLine", version: 1)

    /// The line's own number in its system, made unique: `erpEast|PO-1001|1`.
    public let id: ID<SupplyLine>
    /// The number of the order, transfer or requisition.
    public var order: String
    public var kind: SupplyKind
    public var state: SupplyState
    public var item: ID<Item>
    public var destination: ID<Location>
    /// Where a transfer comes from.
    public var origin: ID<Location>?
    public var supplier: ID<Supplier>?
    /// In stocking units.
    public var ordered: Quantity
    /// In stocking units.
    public var received: Quantity
    /// The day the plan expects it at the destination; nil when the system does not say.
    public var dueOn: BusinessDate?
    /// The day the supplier has committed to, and how much; nil before it has answered.
    public var committedOn: BusinessDate?
    public var committedQuantity: Quantity?
    /// Our own reference, when we asked for this line.
    public var reference: String?
    /// The day it was ordered, or a transfer left; nil when the system does not say.
    public var orderedOn: BusinessDate?
    /// The day the last of it arrived. Books may have it before `orderedOn`, where an order was typed in after its goods.
    public var receivedOn: BusinessDate?

    public init(
        id: ID<SupplyLine>, order: String, kind: SupplyKind, state: SupplyState, item: ID<Item>, destination: ID<Location>,
        origin: ID<Location>? = nil, supplier: ID<Supplier>? = nil, ordered: Quantity, received: Quantity = .zero,
        dueOn: BusinessDate? = nil, committedOn: BusinessDate? = nil, committedQuantity: Quantity? = nil,
        reference: String? = nil, orderedOn: BusinessDate? = nil, receivedOn: BusinessDate? = nil
    ) {
        self.id = id
        self.order = order
        self.kind = kind
        self.state = state
        self.item = item
        self.destination = destination
        self.origin = origin
        self.supplier = supplier
        self.ordered = ordered
        self.received = received
        self.dueOn = dueOn
        self.committedOn = committedOn
        self.committedQuantity = committedQuantity
        self.reference = reference
        self.orderedOn = orderedOn
        self.receivedOn = receivedOn
    }

    /// What is still to come: never negative, nothing once closed, no more than the supplier has committed to.
    public var open: Quantity {
        get throws(Fault) {
            guard state.isOpen else { return .zero }
            let promised = min(ordered, committedQuantity ?? ordered)
            return max(.zero, try promised - received)
        }
    }

    /// The day to count on: the supplier's commitment where there is one.
    public var expectedOn: BusinessDate? { committedOn ?? dueOn }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(id, "id")
        found.requireIdentifier(item, "item")
        found.requireIdentifier(destination, "destination")
        found.requireIdentifier(origin, "origin")
        found.requireIdentifier(supplier, "supplier")
        found.requireNotNegative(ordered, "ordered")
        found.requireNotNegative(received, "received")
        found.requireNotNegative(committedQuantity, "committedQuantity")
        found.require(kind != .transfer || origin != nil, "origin", found: nil, "the location that a transfer comes from")
        found.require(!order.isEmpty, "order", found: order, "the number of the order")
        return found
    }
}

public enum SupplyKind: String, Codable, Sendable, CaseIterable { case purchase, transfer, requisition }

public enum SupplyState: String, Codable, Sendable, CaseIterable {
    /// Exists in the ERP and may still change; it is supply all the same (a draft that is not counted is ordered again).
    case draft
    case confirmed
    case inTransit
    case received
    case cancelled

    public var isOpen: Bool { self != .received && self != .cancelled }
}

extension SupplyLine {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            id: fields[.id], order: fields[.order], kind: fields[.kind], state: fields[.state], item: fields[.item],
            destination: fields[.destination], origin: fields[ifPresent: .origin], supplier: fields[ifPresent: .supplier],
            ordered: fields[.ordered], received: fields[.received, else: .zero], dueOn: fields[ifPresent: .dueOn],
            committedOn: fields[ifPresent: .committedOn], committedQuantity: fields[ifPresent: .committedQuantity],
            reference: fields[ifPresent: .reference], orderedOn: fields[ifPresent: .orderedOn],
            receivedOn: fields[ifPresent: .receivedOn])
    }
}

extension SupplyLine: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("committedOn", committedOn)
            json.add("committedQuantity", committedQuantity)
            json.add("destination", destination)
            json.add("dueOn", dueOn)
            json.add("id", id)
            json.add("item", item)
            json.add("kind", kind)
            json.add("order", order)
            json.add("ordered", ordered)
            json.add("orderedOn", orderedOn)
            json.add("origin", origin)
            json.add("received", received)
            json.add("receivedOn", receivedOn)
            json.add("reference", reference)
            json.add("state", state)
            json.add("supplier", supplier)
        }
    }
}

extension SupplyKind: JSONWritable {}
extension SupplyState: JSONWritable {}
