/// The quantities in which a supplier or a lane takes orders, in millionths of a unit (10^-6), because an order quantity is an
/// exact decimal.
public struct LotRules: Sendable, Hashable, Codable {
    /// What happens to an order that is larger than the maximum.
    public enum CapRule: String, Sendable, Hashable, Codable {
        /// Ordered all the same, and recorded.
        case allowOver
        /// Cut to the largest allowed lot; the rest of the need stays unmet.
        case roundDown
        /// Ordered in several lots.
        case split
    }

    public let minimum: Int64
    /// 1 when any amount can be ordered.
    public let multiple: Int64
    public let maximum: Int64?
    public let capRule: CapRule
    /// Nobody places more orders than this for one need; what is left stays unmet.
    public static let mostParts = 100

    /// Smallest lot: the minimum, raised to a whole multiple.
    let smallest: Int64
    /// Largest lot: the maximum, cut to a whole multiple.
    let largest: Int64

    /// - Parameters: all in millionths of a unit; a multiple of 0 means any amount.
    /// - Throws: `LotRuleError` when no quantity at all could satisfy the rules.
    public init(minimum: Int64 = 0, multiple: Int64 = 0, maximum: Int64? = nil, capRule: CapRule = .allowOver)
        throws(LotRuleError)
    {
        guard minimum >= 0 else { throw LotRuleError(field: "minimum", value: minimum, expected: "0 or more") }
        guard multiple >= 0 else { throw LotRuleError(field: "multiple", value: multiple, expected: "0 (any amount) or more") }
        let step = max(1, multiple)
        let smallest = try Self.roundUp(max(minimum, multiple), to: step)
        let largest = Self.roundDown(maximum ?? .max, to: step)
        if let maximum, largest < max(1, smallest) {
            throw LotRuleError(
                field: "maximum", value: maximum, expected: "at least the smallest lot, \(max(1, smallest)) millionths")
        }
        self.minimum = minimum
        self.multiple = step
        self.maximum = maximum
        self.capRule = capRule
        self.smallest = smallest
        self.largest = largest
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            minimum: fields.decode(Int64.self, forKey: .minimum), multiple: fields.decode(Int64.self, forKey: .multiple),
            maximum: fields.decodeIfPresent(Int64.self, forKey: .maximum), capRule: fields.decode(CapRule.self, forKey: .capRule))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(minimum, forKey: .minimum)
        try fields.encode(multiple, forKey: .multiple)
        try fields.encodeIfPresent(maximum, forKey: .maximum)
        try fields.encode(capRule, forKey: .capRule)
    }

    private enum CodingKeys: String, CodingKey { case minimum, multiple, maximum, capRule }

    /// What to order for a need, `max(smallest lot, need rounded up to the multiple)`, within the maximum by the cap rule.
    ///
    /// - Parameter need: millionths of a unit; 0 or less orders nothing.
    public func apply(to need: Int64) -> LotResult {
        guard need > 0 else { return LotResult(need: need, parts: [], bound: []) }
        var bound: [LotResult.Rule] = []
        // A need so large that its multiple cannot be written down is cut instead: never a wrap.
        let rounded = (try? Self.roundUp(need, to: multiple)) ?? Self.roundDown(.max, to: multiple)
        if rounded != need { bound.append(.multiple) }
        let quantity = max(rounded, smallest)
        if quantity > rounded { bound = [.minimum] }
        guard quantity > largest else { return LotResult(need: need, parts: [quantity], bound: bound) }
        bound.append(.maximum)
        switch capRule {
        case .allowOver: return LotResult(need: need, parts: [quantity], bound: bound)
        case .roundDown: return LotResult(need: need, parts: [largest], bound: bound)
        case .split: return split(quantity, need: need, bound: bound)
        }
    }

    /// Largest lots first; a last lot below the minimum takes from the one before it, or is raised to the minimum.
    private func split(_ quantity: Int64, need: Int64, bound: [LotResult.Rule]) -> LotResult {
        var bound = bound
        let whole = quantity / largest
        let rest = quantity % largest
        var parts = [Int64](repeating: largest, count: Int(min(whole, Int64(Self.mostParts))))
        if whole > Self.mostParts || (whole == Self.mostParts && rest > 0) {
            return LotResult(need: need, parts: parts, bound: bound + [.mostParts])
        }
        if rest > 0 {
            let lacking = max(0, smallest - rest)
            if lacking > 0, let previous = parts.last, previous - lacking >= smallest {
                parts[parts.count - 1] = previous - lacking
            }
            parts.append(max(rest, smallest))
            if lacking > 0, !bound.contains(.minimum) { bound.append(.minimum) }
        }
        return LotResult(need: need, parts: parts, bound: bound)
    }

    private static func roundDown(_ value: Int64, to step: Int64) -> Int64 { value - value % step }

    private static func roundUp(_ value: Int64, to step: Int64) throws(LotRuleError) -> Int64 {
        let rest = value % step
        guard rest > 0 else { return value }
        let (sum, overflow) = value.addingReportingOverflow(step - rest)
        guard !overflow else { throw LotRuleError(field: "quantity", value: value, expected: "a multiple of \(step) below 2^63") }
        return sum
    }
}

/// Lot rules that contradict each other.
public struct LotRuleError: Error, Sendable, Hashable, CustomStringConvertible {
    public let field: String
    /// Millionths of a unit.
    public let value: Int64
    public let expected: String

    public var description: String { "\(field) is \(value) millionths; expected \(expected)" }
}
