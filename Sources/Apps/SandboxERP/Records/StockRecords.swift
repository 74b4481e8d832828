import Vocabulary

/// What the ERP knows of an item at a location right now.
package struct ERPBalance: ERPRecord {
    static let feed = "balances"
    package let id: String
    package var changedAt: Instant
    package let item: String
    package let location: String
    package let unit: UnitCode
    /// On the shelf. Below zero when more was booked out than was ever booked in.
    package var onHand: Quantity
    /// Promised to customers or to transfers that have not left yet.
    package var allocated: Quantity
    /// On a lorry between two of our own warehouses, towards this one.
    package var inTransit: Quantity
    /// Ordered from suppliers and not yet received.
    package var onOrder: Quantity
}

/// The reorder settings of an item at a location.
package struct ERPPolicy: ERPRecord {
    static let feed = "policies"
    package let id: String
    package var changedAt: Instant
    package let item: String
    package let location: String
    package let unit: UnitCode
    package var reorderPoint: Quantity
    package var safetyStock: Quantity
    package var orderUpTo: Quantity
    package var orderQuantity: Quantity?
    /// A share between 0 and 1 of what `serviceTargetType` says.
    package var serviceTarget: Quantity
    package var serviceTargetType: ServiceTargetType
    package var trigger: ReorderTrigger
    /// The last day on which anybody looked at these figures.
    package var reviewedOn: BusinessDate
    /// Counts up by one with every change; what `If-Match` is compared with.
    package var version: Int
    /// The writer's reference of the last change; nil for what the ERP came with.
    package var reference: String?
}

package enum ServiceTargetType: String, Codable, Sendable {
    case cycleService, fillRate
}

package enum ReorderTrigger: String, Codable, Sendable {
    case below, atOrBelow
}

/// One line of goods on their way: bought, asked for, or moved between warehouses.
package struct ERPOpenOrder: ERPRecord {
    static let feed = "open-orders"
    package let id: String
    package var changedAt: Instant
    package let document: String
    package let kind: Kind
    package let item: String
    /// Where the goods will arrive.
    package let location: String
    package let supplier: String?
    /// Where the goods come from when they are moved between warehouses.
    package let origin: String?
    package let unit: UnitCode
    /// In stocking units, as `received` and `committedQuantity`.
    package var ordered: Quantity
    package var received: Quantity
    /// The order in the words of whoever placed it.
    package var askedQuantity: Quantity
    package var askedUnit: UnitCode
    package var shipOn: BusinessDate?
    package let dueOn: BusinessDate
    /// What the supplier has promised, when that differs from what was asked.
    package var committedOn: BusinessDate?
    package var committedQuantity: Quantity?
    package var status: Status
    package let reference: String?

    package enum Kind: String, Codable, Sendable {
        case purchaseRequisition, purchaseOrder, transfer
    }

    package enum Status: String, Codable, Sendable {
        /// Asked for; nothing has left yet.
        case open
        /// Left its origin or supplier.
        case shipped
        case received, cancelled
    }

    var isOpen: Bool { status == .open || status == .shipped }
    /// What is still to come; never below zero.
    var outstanding: Quantity { isOpen ? Quantity(scaled: max(0, ordered.scaled - received.scaled)) : .zero }
}

/// What customers asked for on one day.
package struct ERPDemand: ERPRecord {
    static let feed = "demand"
    package let id: String
    package var changedAt: Instant
    package let item: String
    package let location: String
    package let day: BusinessDate
    package let unit: UnitCode
    package let quantity: Quantity
}
