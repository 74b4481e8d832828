/// Limits that people set to a computed stock level, in units or in days of demand.
public struct StockBounds: Sendable, Hashable, Codable {
    /// What changed a level.
    public enum Bound: String, Sendable, Hashable, Codable {
        case minimum
        case minimumDays
        case maximum
        case maximumDays
        /// Stock beyond it would pass its date before it is sold.
        case shelfLife
    }

    /// Units: a display that is never empty.
    public var minimum: Double?
    public var minimumDays: Double?
    /// Units: the room there is.
    public var maximum: Double?
    public var maximumDays: Double?
    /// Days that the goods keep.
    public var shelfLifeDays: Double?

    public init(
        minimum: Double? = nil, minimumDays: Double? = nil, maximum: Double? = nil, maximumDays: Double? = nil,
        shelfLifeDays: Double? = nil
    ) {
        self.minimum = minimum
        self.minimumDays = minimumDays
        self.maximum = maximum
        self.maximumDays = maximumDays
        self.shelfLifeDays = shelfLifeDays
    }

    /// A level within the bounds. Where a lower and an upper bound contradict each other, the upper one wins: there is no room
    /// for what does not fit.
    public struct Bounded: Sendable, Hashable, Codable {
        public let wanted: Double
        public let value: Double
        /// What changed it, the deciding one last; empty when nothing did.
        public let bound: [Bound]
    }

    /// - Parameters:
    ///   - level: units.
    ///   - dailyDemand: units per day, `>= 0`; bounds in days are that many days of it.
    /// - Throws: `PolicyError`.
    public func apply(to level: Double, dailyDemand: Double) throws(PolicyError) -> Bounded {
        try PolicyError.require("dailyDemand", dailyDemand)
        try PolicyError.require("level", level, atLeast: -Double.greatestFiniteMagnitude)
        let lower: [(Bound, String, Double?, Double)] = [
            (.minimum, "minimum", minimum, 1), (.minimumDays, "minimumDays", minimumDays, dailyDemand),
        ]
        let upper: [(Bound, String, Double?, Double)] = [
            (.maximum, "maximum", maximum, 1), (.maximumDays, "maximumDays", maximumDays, dailyDemand),
            (.shelfLife, "shelfLifeDays", shelfLifeDays, dailyDemand),
        ]
        var value = level
        var bound: [Bound] = []
        for (name, field, limit, factor) in lower {
            guard let limit else { continue }
            try PolicyError.require(field, limit)
            if value < limit * factor { (value, bound) = (limit * factor, bound + [name]) }
        }
        for (name, field, limit, factor) in upper {
            guard let limit else { continue }
            try PolicyError.require(field, limit)
            if value > limit * factor { (value, bound) = (limit * factor, bound + [name]) }
        }
        return Bounded(wanted: level, value: value, bound: bound)
    }
}
