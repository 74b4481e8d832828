/// What the lot rules made of a need; quantities in millionths of a unit.
public struct LotResult: Sendable, Hashable, Codable {
    /// A rule that changed the quantity.
    public enum Rule: String, Sendable, Hashable, Codable {
        case minimum
        case multiple
        case maximum
        /// The split would have taken more orders than anyone places.
        case mostParts
    }

    public let need: Int64
    /// One entry per order to place; empty when nothing is needed.
    public let parts: [Int64]
    /// In the order in which they applied.
    public let bound: [Rule]

    init(need: Int64, parts: [Int64], bound: [Rule]) {
        self.need = need
        self.parts = parts
        self.bound = bound
    }

    /// Ordered altogether. Parts never add up to more than fits: only a split has several, and it adds up to the need and one lot
    /// at most.
    public var quantity: Int64 {
        parts.reduce(0) { sum, part in
            let (total, overflow) = sum.addingReportingOverflow(part)
            return overflow ? .max : total
        }
    }

    /// Part of the need that is not ordered.
    public var unmet: Int64 { need > 0 ? max(0, need - quantity) : 0 }

    /// Ordered beyond the need.
    public var surplus: Int64 { need > 0 ? max(0, quantity - need) : 0 }
}
