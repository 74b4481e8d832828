/// What one location lacks of an item.
public struct NetworkNeed: Sendable, Hashable, Codable {
    public let name: String
    /// Millionths of a unit, `> 0`.
    public let quantity: Int64
    /// Cost of each unit that stays unmet, currency: lost margin, or what an emergency order would cost.
    public let unmetCost: Double
    /// The lower, the sooner it is served when there is not enough; read by `Sharing.priority`.
    public let priority: Int

    public init(name: String, quantity: Int64, unmetCost: Double, priority: Int = 0) {
        self.name = name
        self.quantity = quantity
        self.unmetCost = unmetCost
        self.priority = priority
    }
}

/// Where goods can come from: the surplus of a location, or a supplier with what it can deliver.
public struct NetworkSource: Sendable, Hashable, Codable {
    public let kind: SourceOption.Kind
    public let name: String
    /// Millionths of a unit; nil for no limit.
    public let available: Int64?

    public init(kind: SourceOption.Kind, name: String, available: Int64? = nil) {
        self.kind = kind
        self.name = name
        self.available = available
    }
}

/// One way from a source to a need. What depends on time (lateness, capital under way) is in its unit cost.
public struct SupplyRoute: Sendable, Hashable, Codable {
    /// Indices into the network's sources and needs.
    public let source: Int
    public let need: Int
    /// Currency per needed unit: price or freight, handling, capital under way, expected lateness, the donor's risk.
    public let unitCost: Double
    /// Currency per order or shipment.
    public let fixedCost: Double
    /// Currency per unit that lot rules bring beyond what is needed: holding it, or its whole cost if nobody will want it.
    public let surplusCost: Double
    public let leadTimeDays: Double
    /// Minimum, multiple and maximum of the one order or shipment; the maximum is never exceeded here, whatever the cap rule.
    public let lotRules: LotRules
    /// Why it cannot be used now, if so.
    public let obstacle: String?

    public init(
        source: Int, need: Int, unitCost: Double, fixedCost: Double = 0, surplusCost: Double = 0, leadTimeDays: Double = 0,
        lotRules: LotRules, obstacle: String? = nil
    ) {
        self.source = source
        self.need = need
        self.unitCost = unitCost
        self.fixedCost = fixedCost
        self.surplusCost = surplusCost
        self.leadTimeDays = leadTimeDays
        self.lotRules = lotRules
        self.obstacle = obstacle
    }
}

/// How scarce goods are shared.
public enum Sharing: String, Sendable, Hashable, Codable {
    /// To whom they save the most.
    case cheapest
    /// To the lowest priority number first; within one priority to whom they save the most.
    case priority
    /// So that the shares of their needs that locations get are as equal as lots allow.
    case fair
}

/// One item's sources, needs and the routes between them.
public struct SupplyNetwork: Sendable, Hashable, Codable {
    public let sources: [NetworkSource]
    public let needs: [NetworkNeed]
    public let routes: [SupplyRoute]
    public let sharing: Sharing

    /// Dearer than anything that is sold by the unit; beyond it costs no longer add up exactly.
    public static let dearest = 1e7

    /// - Throws: `PolicyError` naming the first figure that cannot be.
    public init(sources: [NetworkSource], needs: [NetworkNeed], routes: [SupplyRoute], sharing: Sharing = .cheapest)
        throws(PolicyError)
    {
        self.sources = sources
        self.needs = needs
        self.routes = routes
        self.sharing = sharing
        for (index, source) in sources.enumerated() {
            try PolicyError.require("sources[\(index)].available", Double(source.available ?? 0))
        }
        for (index, need) in needs.enumerated() {
            try PolicyError.requirePositive("needs[\(index)].quantity", Double(need.quantity))
            try Self.requireCost("needs[\(index)].unmetCost", need.unmetCost)
        }
        for (index, route) in routes.enumerated() {
            guard sources.indices.contains(route.source) else {
                throw PolicyError(field: "routes[\(index)].source", value: Double(route.source), expected: "an index of a source")
            }
            guard needs.indices.contains(route.need) else {
                throw PolicyError(field: "routes[\(index)].need", value: Double(route.need), expected: "an index of a need")
            }
            let costs = [("unitCost", route.unitCost), ("fixedCost", route.fixedCost), ("surplusCost", route.surplusCost)]
            for (field, value) in costs { try Self.requireCost("routes[\(index)].\(field)", value) }
            try PolicyError.require("routes[\(index)].leadTimeDays", route.leadTimeDays)
        }
    }

    private static func requireCost(_ field: String, _ value: Double) throws(PolicyError) {
        guard value >= 0, value <= dearest else {
            throw PolicyError(field: field, value: value, expected: "0 to \(Int(dearest))")
        }
    }
}
