/// Goods that one location will lack.
public struct SupplyNeed: Sendable, Hashable, Codable {
    /// Millionths of a unit.
    public let quantity: Int64
    /// Days from now until the lack is felt.
    public let dueInDays: Double
    /// Expected cost of each day that the goods come later than that, currency.
    public let latenessCostPerDay: Double
    /// Units per day that the location uses, which is how fast a surplus melts.
    public let dailyDemand: Double

    public init(quantity: Int64, dueInDays: Double, latenessCostPerDay: Double, dailyDemand: Double) {
        self.quantity = quantity
        self.dueInDays = dueInDays
        self.latenessCostPerDay = latenessCostPerDay
        self.dailyDemand = dailyDemand
    }
}

/// One place that the goods could come from. Costs are in one currency.
public struct SourceOption: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// From another location of ours.
        case transfer
        /// From a supplier.
        case purchase
    }

    public let kind: Kind
    /// The location or the supplier, as a person would call it.
    public let name: String
    /// Millionths of a unit that this source can give: a location's surplus, a supplier's capacity. Nil for no limit.
    public let available: Int64?
    /// Per unit: price of a purchase; freight and handling of a transfer, whose goods are ours already.
    public let unitCost: Double
    /// Per order or shipment.
    public let fixedCost: Double
    /// Days from now until the goods are on the shelf.
    public let leadTimeDays: Double
    /// Value of one unit, on which capital is tied up.
    public let itemValue: Double
    /// Share of that value that holding it costs per year: 0.2 for 20 %.
    public let holdingRate: Double
    /// Expected cost per unit at the source, which may lack the goods itself one day. 0 for a supplier.
    public let donorRiskPerUnit: Double
    public let lotRules: LotRules
    /// Why this source cannot be used now, if so: a closed lane, a supplier on hold.
    public let obstacle: String?

    public init(
        kind: Kind, name: String, available: Int64? = nil, unitCost: Double, fixedCost: Double, leadTimeDays: Double,
        itemValue: Double,
        holdingRate: Double, donorRiskPerUnit: Double = 0, lotRules: LotRules, obstacle: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.available = available
        self.unitCost = unitCost
        self.fixedCost = fixedCost
        self.leadTimeDays = leadTimeDays
        self.itemValue = itemValue
        self.holdingRate = holdingRate
        self.donorRiskPerUnit = donorRiskPerUnit
        self.lotRules = lotRules
        self.obstacle = obstacle
    }

    func check(_ position: Int) throws(PolicyError) {
        let figures = [
            ("unitCost", unitCost), ("fixedCost", fixedCost), ("leadTimeDays", leadTimeDays), ("itemValue", itemValue),
            ("holdingRate", holdingRate), ("donorRiskPerUnit", donorRiskPerUnit), ("available", Double(available ?? 0)),
        ]
        for (field, value) in figures { try PolicyError.require("options[\(position)].\(field)", value) }
    }
}

extension SupplyNeed {
    func check() throws(PolicyError) {
        try PolicyError.requirePositive("need.quantity", Double(quantity))
        try PolicyError.require("need.dueInDays", dueInDays, atLeast: -Double.greatestFiniteMagnitude)
        try PolicyError.require("need.latenessCostPerDay", latenessCostPerDay)
        try PolicyError.require("need.dailyDemand", dailyDemand)
    }
}
