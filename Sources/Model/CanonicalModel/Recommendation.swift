import Vocabulary

/// What a planner's model suggests to do about an item at a location, and what it believed when it did.
public struct Recommendation: CanonicalEntity {
    public static let contract = Contract("recommendation", version: 1)

    /// Given by the source; the same id with the same content is the same recommendation.
    public let id: ID<Recommendation>
    public let source: ID<ExternalSystem>
    public let cycle: ID<ForecastCycle>?
    public let item: ID<Item>
    public let location: ID<Location>
    public let proposal: Proposal
    /// The source's own confidence in 0 ... 1; nil when it does not say.
    public let confidence: Double?
    public let assumptions: Assumptions
    /// Made on something less than it should have been.
    public let isProvisional: Bool
    public let madeAt: Instant
    /// Who or what asks for it; nobody approves what they proposed.
    public let proposedBy: ID<Person>?
    public let reason: String?

    public init(
        id: ID<Recommendation>, source: ID<ExternalSystem>, cycle: ID<ForecastCycle>? = nil, item: ID<Item>,
        location: ID<Location>, proposal: Proposal, confidence: Double? = nil, assumptions: Assumptions,
        isProvisional: Bool = false, madeAt: Instant, proposedBy: ID<Person>? = nil, reason: String? = nil
    ) {
        self.id = id
        self.source = source
        self.cycle = cycle
        self.item = item
        self.location = location
        self.proposal = proposal
        self.confidence = confidence
        self.assumptions = assumptions
        self.isProvisional = isProvisional
        self.madeAt = madeAt
        self.proposedBy = proposedBy
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case id, source, cycle, item, location, proposal, confidence, assumptions, isProvisional, madeAt, proposedBy, reason
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(ID.self, forKey: .id)
        source = try fields.decode(ID.self, forKey: .source)
        cycle = try fields.decodeIfPresent(ID.self, forKey: .cycle)
        item = try fields.decode(ID.self, forKey: .item)
        location = try fields.decode(ID.self, forKey: .location)
        proposal = try fields.decode(Proposal.self, forKey: .proposal)
        confidence = try fields.decodeIfPresent(Double.self, forKey: .confidence)
        assumptions = try fields.decode(Assumptions.self, forKey: .assumptions)
        isProvisional = try fields.decodeIfPresent(Bool.self, forKey: .isProvisional) ?? false
        madeAt = try fields.decode(Instant.self, forKey: .madeAt)
        proposedBy = try fields.decodeIfPresent(ID.self, forKey: .proposedBy)
        reason = try fields.decodeIfPresent(String.self, forKey: .reason)
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        if let confidence {
            found.require((0...1).contains(confidence), "confidence", found: "\(confidence)", "a share from 0 to 1")
        }
        switch proposal {
        case .policy(let levels): found += levels.violations(within: "proposal.policy")
        case .replenishment(let replenishment):
            found.require(
                replenishment.quantity.isPositive, "proposal.replenishment.quantity",
                found: replenishment.quantity.description, "above zero")
        }
        found.requireNotNegative(assumptions.leadTimeDays, "assumptions.leadTimeDays")
        return found
    }
}

/// Either new figures for the policy, or goods.
public enum Proposal: Codable, Hashable, Sendable {
    case policy(PolicyLevels)
    case replenishment(Replenishing)

    /// So much of the item, in `unit`, at the location by that day, from wherever it is best had.
    public struct Replenishing: Codable, Hashable, Sendable {
        public let quantity: Quantity
        public let unit: UnitCode
        public let neededBy: BusinessDate
        /// From where a plan over the network has it; nil leaves the source to the decision.
        public let plan: PlannedSource?

        public init(quantity: Quantity, unit: UnitCode, neededBy: BusinessDate, plan: PlannedSource? = nil) {
            self.quantity = quantity
            self.unit = unit
            self.neededBy = neededBy
            self.plan = plan
        }
    }

    private enum CodingKeys: String, CodingKey { case policy, replenishment }

    /// `{"policy": {...}}` or `{"replenishment": {...}}`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        switch (fields.contains(.policy), fields.contains(.replenishment)) {
        case (true, false): self = .policy(try fields.decode(PolicyLevels.self, forKey: .policy))
        case (false, true): self = .replenishment(try fields.decode(Replenishing.self, forKey: .replenishment))
        default:
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "exactly one of policy and replenishment"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .policy(let levels): try fields.encode(levels, forKey: .policy)
        case .replenishment(let replenishment): try fields.encode(replenishment, forKey: .replenishment)
        }
    }
}

/// The figures that a recommendation was made on, in stocking units; what a source does not say is nil.
public struct Assumptions: Codable, Hashable, Sendable {
    public var onHand: Quantity?
    public var allocated: Quantity?
    public var onOrder: Quantity?
    public var inTransit: Quantity?
    public var leadTimeDays: Double?
    public var stockingUnit: UnitCode?
    public var reorderPoint: Quantity?
    public var forecastVersion: Int64?
    public var asOf: Instant?

    public init(
        onHand: Quantity? = nil, allocated: Quantity? = nil, onOrder: Quantity? = nil, inTransit: Quantity? = nil,
        leadTimeDays: Double? = nil, stockingUnit: UnitCode? = nil, reorderPoint: Quantity? = nil,
        forecastVersion: Int64? = nil, asOf: Instant? = nil
    ) {
        self.onHand = onHand
        self.allocated = allocated
        self.onOrder = onOrder
        self.inTransit = inTransit
        self.leadTimeDays = leadTimeDays
        self.stockingUnit = stockingUnit
        self.reorderPoint = reorderPoint
        self.forecastVersion = forecastVersion
        self.asOf = asOf
    }
}

extension Recommendation: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("assumptions", assumptions)
            json.add("confidence", confidence)
            json.add("cycle", cycle)
            json.add("id", id)
            json.add("isProvisional", isProvisional)
            json.add("item", item)
            json.add("location", location)
            json.add("madeAt", madeAt)
            json.add("proposal", proposal)
            json.add("proposedBy", proposedBy)
            json.add("reason", reason)
            json.add("source", source)
        }
    }
}

extension Proposal: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .policy(let levels): json.add("policy", levels)
            case .replenishment(let replenishment): json.add("replenishment", replenishment)
            }
        }
    }
}

extension Proposal.Replenishing: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("neededBy", neededBy)
            json.add("plan", plan)
            json.add("quantity", quantity)
            json.add("unit", unit)
        }
    }
}

extension Assumptions: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("allocated", allocated)
            json.add("asOf", asOf)
            json.add("forecastVersion", forecastVersion)
            json.add("inTransit", inTransit)
            json.add("leadTimeDays", leadTimeDays)
            json.add("onHand", onHand)
            json.add("onOrder", onOrder)
            json.add("reorderPoint", reorderPoint)
            json.add("stockingUnit", stockingUnit)
        }
    }
}
