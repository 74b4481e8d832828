import Vocabulary

/// Where a plan over the whole network has goods come from, so that what is best for all is not undone by what is best for one.
public struct PlannedSource: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable, CaseIterable { case transfer, purchase }

    /// A way that the plan does not use for this need, and why.
    public struct Rejected: Codable, Hashable, Sendable {
        public let name: String
        /// Of serving the need from it alone; nil when it cannot.
        public let cost: Money?
        public let reason: String

        public init(name: String, cost: Money?, reason: String) {
            self.name = name
            self.cost = cost
            self.reason = reason
        }
    }

    public let kind: Kind
    /// The location or the supplier.
    public let from: String
    public let cost: Money?
    public let rejected: [Rejected]
    /// No plan is cheaper; otherwise the search was cut off.
    public let isExact: Bool

    public init(kind: Kind, from: String, cost: Money? = nil, rejected: [Rejected] = [], isExact: Bool = true) {
        self.kind = kind
        self.from = from
        self.cost = cost
        self.rejected = rejected
        self.isExact = isExact
    }

    private enum CodingKeys: String, CodingKey { case kind, from, cost, rejected, isExact }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try fields.decode(Kind.self, forKey: .kind), from: try fields.decode(String.self, forKey: .from),
            cost: try fields.decodeIfPresent(Money.self, forKey: .cost),
            rejected: try fields.decodeIfPresent([Rejected].self, forKey: .rejected) ?? [],
            isExact: try fields.decodeIfPresent(Bool.self, forKey: .isExact) ?? true)
    }
}

extension PlannedSource: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("cost", cost)
            json.add("from", from)
            json.add("isExact", isExact)
            json.add("kind", kind)
            json.add("rejected", rejected)
        }
    }
}

extension PlannedSource.Kind: JSONWritable {}

extension PlannedSource.Rejected: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("cost", cost)
            json.add("name", name)
            json.add("reason", reason)
        }
    }
}
