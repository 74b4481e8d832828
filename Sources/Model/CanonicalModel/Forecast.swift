import Vocabulary

/// What one source expects of the demand for an item at a location, period by period.
public struct Forecast: CanonicalEntity {
    public static let contract = Contract("forecast", version: 1)

    public let id: ID<Forecast>
    public let item: ID<Item>
    public let location: ID<Location>
    /// The system that made it; the built-in engine is `plimsoll`.
    public let source: ID<ExternalSystem>
    public let cycle: ID<ForecastCycle>?
    /// Grows with each forecast of the same source, item and location.
    public let version: Int64
    public var method: String
    /// The first day of the first period, in the location's calendar.
    public var start: BusinessDate
    /// The length of every period in days: 1, 7 or 30.
    public var periodDays: Int
    /// Expected demand per period in stocking units; shape `[periods]`.
    public var mean: [Double]
    /// Shape `[levels]`; ascending, each in 0 < level < 1.
    public var levels: [Double]
    /// Shape `[levels][periods]`: the demand that is not exceeded with that probability.
    public var quantiles: [[Double]]
    /// Root mean square of the one-period error, in stocking units; nil when the source does not say.
    public var deviation: Double?
    /// Made on something less than it should have been, such as the last good forecast.
    public var isProvisional: Bool

    public init(
        item: ID<Item>, location: ID<Location>, source: ID<ExternalSystem>, cycle: ID<ForecastCycle>? = nil, version: Int64,
        method: String, start: BusinessDate, periodDays: Int, mean: [Double], levels: [Double] = [],
        quantiles: [[Double]] = [], deviation: Double? = nil, isProvisional: Bool = false
    ) {
        id = .joining(item.rawValue, location.rawValue, source.rawValue)
        self.item = item
        self.location = location
        self.source = source
        self.cycle = cycle
        self.version = version
        self.method = method
        self.start = start
        self.periodDays = periodDays
        self.mean = mean
        self.levels = levels
        self.quantiles = quantiles
        self.deviation = deviation
        self.isProvisional = isProvisional
    }

    public func violations() -> [Violation] {
        var found: [Violation] = []
        found.requireIdentifier(item, "item")
        found.requireIdentifier(location, "location")
        found.requireIdentifier(source, "source")
        found.require((1...400).contains(mean.count), "mean", found: "\(mean.count) periods", "1 to 400 periods")
        found.require((1...366).contains(periodDays), "periodDays", found: "\(periodDays)", "1 to 366 days")
        for (period, value) in mean.enumerated() { found.requireNotNegative(value, "mean[\(period)]") }
        found.require(
            levels.allSatisfy { $0 > 0 && $0 < 1 } && zip(levels, levels.dropFirst()).allSatisfy(<), "levels",
            found: "\(levels)", "ascending shares between 0 and 1")
        found.require(
            quantiles.count == levels.count && quantiles.allSatisfy { $0.count == mean.count }, "quantiles",
            found: "\(quantiles.count) rows", "one row per level with one value per period")
        for (row, values) in quantiles.enumerated() {
            for (period, value) in values.enumerated() { found.requireNotNegative(value, "quantiles[\(row)][\(period)]") }
        }
        found.requireNotNegative(deviation, "deviation")
        return found
    }
}

/// One round of forecasting for a region or group of locations; kept by `Cycles`.
public enum ForecastCycle {}

extension Forecast {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            item: fields[.item], location: fields[.location], source: fields[.source], cycle: fields[ifPresent: .cycle],
            version: fields[.version], method: fields[.method], start: fields[.start], periodDays: fields[.periodDays],
            mean: fields[.mean], levels: fields[.levels, else: []], quantiles: fields[.quantiles, else: []],
            deviation: fields[ifPresent: .deviation], isProvisional: fields[.isProvisional, else: false])
        try fields.requireDerived(id, .id)
    }
}

extension Forecast: JSONWritable {
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.add("cycle", cycle)
            json.add("deviation", deviation)
            json.add("id", id)
            json.add("isProvisional", isProvisional)
            json.add("item", item)
            json.add("levels", levels)
            json.add("location", location)
            json.add("mean", mean)
            json.add("method", method)
            json.add("periodDays", periodDays)
            json.add("quantiles", quantiles)
            json.add("source", source)
            json.add("start", start)
            json.add("version", version)
        }
    }
}
