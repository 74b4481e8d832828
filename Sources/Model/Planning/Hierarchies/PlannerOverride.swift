import Vocabulary

/// A figure that a person puts in place of the statistical one: of one node, for some periods, with a name and a reason.
public struct PlannerOverride: Sendable, Hashable, Codable {
    public enum Figure: Sendable, Hashable, Codable {
        /// Units, whatever was forecast.
        case units(Double)
        /// Units on top of what was forecast.
        case more(Double)
        /// What was forecast, times this.
        case times(Double)

        func applied(to statistical: Double) -> Double {
            switch self {
            case .units(let units): units
            case .more(let units): max(0, statistical + units)
            case .times(let factor): statistical * factor
            }
        }

        var isPossible: Bool {
            switch self {
            case .units(let figure), .times(let figure): figure >= 0 && figure <= DemandSeries.largest
            case .more(let figure): figure.magnitude <= DemandSeries.largest
            }
        }
    }

    /// Index in the hierarchy.
    public let node: Int
    /// First and last period ahead; 0 is the next one.
    public let first: Int
    public let last: Int
    public let figure: Figure
    public let madeBy: String
    public let reason: String
    public let madeAt: Instant

    public init(node: Int, first: Int, last: Int, _ figure: Figure, madeBy: String, reason: String, madeAt: Instant) {
        self.node = node
        self.first = first
        self.last = last
        self.figure = figure
        self.madeBy = madeBy
        self.reason = reason
        self.madeAt = madeAt
    }
}

/// Why overrides could not be carried out.
public enum OverrideRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The node, the periods or the figure do not exist; the place in the list.
    case impossible(override: Int)
    /// Two or more ask for sums that cannot be true together.
    case conflict(node: String, period: Int, asked: Double, reached: Double)

    public var description: String {
        switch self {
        case .impossible(let place):
            "overrides[\(place)]: expected a node and periods of the forecast, and units of zero or more"
        case .conflict(let node, let period, let asked, let reached):
            "period \(period), \(node): \(asked) units were asked for and others leave \(reached); expected overrides that agree"
        }
    }
}
