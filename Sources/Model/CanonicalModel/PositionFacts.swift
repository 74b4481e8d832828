import Vocabulary

/// The live figures about one item at one location that a decision looks at, as they were known at one moment.
///
/// Kept beside the decision, so that anybody can make it again and ask why it came out so.
public struct PositionFacts: Codable, Hashable, Sendable {
    public var item: Item
    public var location: Location
    /// nil when the item is not replenished here by a rule of ours yet.
    public var policy: InventoryPolicy?
    /// nil when no system has told of any stock here; that is not the same as none.
    public var balance: BalanceFacts?
    /// Open supply towards this location, the earliest expected first and what has no date last.
    public var supply: [SupplyLine]
    /// The ways to buy it for this location that are valid today, from suppliers that are not blocked; best rank first.
    public var sourcings: [SourcingFacts]
    /// The locations that could send it here, by lanes in use.
    public var donors: [DonorFacts]
    /// The newest forecast of whatever source; nil when there is none.
    public var forecast: Forecast?
    /// Room for more at the location, in the unit that `Item.space` counts; negative when it is overfull,
    /// nil when its capacity is not limited.
    public var freeCapacity: Quantity?
    /// When these figures were read.
    public var asOf: Instant

    public init(
        item: Item, location: Location, policy: InventoryPolicy? = nil, balance: BalanceFacts? = nil, supply: [SupplyLine] = [],
        sourcings: [SourcingFacts] = [], donors: [DonorFacts] = [], forecast: Forecast? = nil, freeCapacity: Quantity? = nil,
        asOf: Instant
    ) {
        self.item = item
        self.location = location
        self.policy = policy
        self.balance = balance
        self.supply = supply
        self.sourcings = sourcings
        self.donors = donors
        self.forecast = forecast
        self.freeCapacity = freeCapacity
        self.asOf = asOf
    }
}

/// A balance and when its system saw it so: what is old is worth less.
public struct BalanceFacts: Codable, Hashable, Sendable {
    public var balance: Balance
    public var observedAt: Instant

    public init(_ balance: Balance, observedAt: Instant) {
        self.balance = balance
        self.observedAt = observedAt
    }
}

/// One way to buy, with whom it is bought from.
public struct SourcingFacts: Codable, Hashable, Sendable {
    public var sourcing: Sourcing
    public var supplier: Supplier

    public init(_ sourcing: Sourcing, supplier: Supplier) {
        self.sourcing = sourcing
        self.supplier = supplier
    }
}

/// A location that could give of its stock, and what it needs of it itself.
public struct DonorFacts: Codable, Hashable, Sendable {
    /// From the donor to the location in question.
    public var lane: Lane
    public var location: Location
    public var balance: BalanceFacts
    /// nil when the donor keeps the item by no rule of ours.
    public var policy: InventoryPolicy?
    /// Open supply towards the donor, the earliest expected first.
    public var supply: [SupplyLine]

    public init(lane: Lane, location: Location, balance: BalanceFacts, policy: InventoryPolicy? = nil, supply: [SupplyLine] = [])
    {
        self.lane = lane
        self.location = location
        self.balance = balance
        self.policy = policy
        self.supply = supply
    }
}

extension PositionFacts: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("asOf", asOf)
            json.add("balance", balance)
            json.add("donors", donors)
            json.add("forecast", forecast)
            json.add("freeCapacity", freeCapacity)
            json.add("item", item)
            json.add("location", location)
            json.add("policy", policy)
            json.add("sourcings", sourcings)
            json.add("supply", supply)
        }
    }
}

extension BalanceFacts: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("balance", balance)
            json.add("observedAt", observedAt)
        }
    }
}

extension SourcingFacts: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("sourcing", sourcing)
            json.add("supplier", supplier)
        }
    }
}

extension DonorFacts: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("balance", balance)
            json.add("lane", lane)
            json.add("location", location)
            json.add("policy", policy)
            json.add("supply", supply)
        }
    }
}
