import Vocabulary

/// The rule by which an item is replenished at a location.
public struct InventoryPolicy: CanonicalEntity {
    public static let contract = Contract("inventoryPolicy", version: 1)

    public let id: ID<InventoryPolicy>
    public let item: ID<Item>
    public let location: ID<Location>
    public var levels: PolicyLevels
    /// A share in 0 ..< 1; its meaning is in `serviceTargetType`.
    public var serviceTarget: Double
    public var serviceTargetType: ServiceTargetType
    /// Whether an inventory position exactly at the reorder point already orders.
    public var trigger: Trigger
    /// What happens to a quantity that the maximum cuts.
    public var capRule: CapRule
    /// Days between two looks at the stock; 1 looks every day.
    public var reviewDays: Int
    /// The location that usually feeds this one; nil when it buys.
    public var fedFrom: ID<Location>?

    public init(
        item: ID<Item>, location: ID<Location>, levels: PolicyLevels, serviceTarget: Double = 0.95,
        serviceTargetType: ServiceTargetType = .cycleService, trigger: Trigger = .atOrBelow, capRule: CapRule = .allowOver,
        reviewDays: Int = 1, fedFrom: ID<Location>? = nil
    ) {
        id = .joining(item.rawValue, location.rawValue)
        self.item = item
        self.location = location
        self.levels = levels
        self.serviceTarget = serviceTarget
        self.serviceTargetType = serviceTargetType
        self.trigger = trigger
        self.capRule = capRule
        self.reviewDays = reviewDays
        self.fedFrom = fedFrom
    }

    public func violations() -> [Violation] {
        var found = levels.violations(within: "levels")
        found.requireIdentifier(item, "item")
        found.requireIdentifier(location, "location")
        found.requireIdentifier(fedFrom, "fedFrom")
        found.require((0..<1).contains(serviceTarget), "serviceTarget", found: "\(serviceTarget)", "a share from 0 to below 1")
        found.require((1...366).contains(reviewDays), "reviewDays", found: "\(reviewDays)", "1 to 366 days")
        return found
    }
}

/// The four figures of a policy, in stocking units.
public struct PolicyLevels: Codable, Hashable, Sendable {
    public var reorderPoint: Quantity
    public var safetyStock: Quantity
    public var orderUpTo: Quantity
    /// A fixed lot; nil when orders fill up to `orderUpTo`.
    public var orderQuantity: Quantity?

    public init(reorderPoint: Quantity, safetyStock: Quantity, orderUpTo: Quantity, orderQuantity: Quantity? = nil) {
        self.reorderPoint = reorderPoint
        self.safetyStock = safetyStock
        self.orderUpTo = orderUpTo
        self.orderQuantity = orderQuantity
    }

    public func violations(within field: String) -> [Violation] {
        var found: [Violation] = []
        found.requireNotNegative(reorderPoint, "\(field).reorderPoint")
        found.requireNotNegative(safetyStock, "\(field).safetyStock")
        found.require(
            orderUpTo >= reorderPoint, "\(field).orderUpTo", found: orderUpTo.description,
            "at least the reorder point (\(reorderPoint))")
        if let orderQuantity {
            found.require(orderQuantity.isPositive, "\(field).orderQuantity", found: orderQuantity.description, "above zero")
        }
        return found
    }
}

/// 98 % cycle service and 98 % fill rate are very different stocks, so a target carries its type.
public enum ServiceTargetType: String, Codable, Sendable, CaseIterable {
    /// The share of replenishment cycles without a stock-out.
    case cycleService
    /// The share of demand that is met from stock.
    case fillRate
}

public enum Trigger: String, Codable, Sendable, CaseIterable { case below, atOrBelow }

public enum CapRule: String, Codable, Sendable, CaseIterable {
    /// Order the whole quantity although it is above the maximum, and say so.
    case allowOver
    /// Order the largest multiple within the maximum.
    case roundDown
    /// Several orders, each within the maximum.
    case split
}

extension InventoryPolicy {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            item: fields[.item], location: fields[.location], levels: fields[.levels],
            serviceTarget: fields[.serviceTarget, else: 0.95],
            serviceTargetType: fields[.serviceTargetType, else: .cycleService], trigger: fields[.trigger, else: .atOrBelow],
            capRule: fields[.capRule, else: .allowOver], reviewDays: fields[.reviewDays, else: 1],
            fedFrom: fields[ifPresent: .fedFrom])
        try fields.requireDerived(id, .id)
    }
}

extension InventoryPolicy: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("capRule", capRule)
            json.add("fedFrom", fedFrom)
            json.add("id", id)
            json.add("item", item)
            json.add("levels", levels)
            json.add("location", location)
            json.add("reviewDays", reviewDays)
            json.add("serviceTarget", serviceTarget)
            json.add("serviceTargetType", serviceTargetType)
            json.add("trigger", trigger)
        }
    }
}

extension PolicyLevels: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("orderQuantity", orderQuantity)
            json.add("orderUpTo", orderUpTo)
            json.add("reorderPoint", reorderPoint)
            json.add("safetyStock", safetyStock)
        }
    }
}

extension ServiceTargetType: JSONWritable {}
extension Trigger: JSONWritable {}
extension CapRule: JSONWritable {}
