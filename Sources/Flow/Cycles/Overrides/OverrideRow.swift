import CanonicalModel
import Planning
import Storage
import Vocabulary

/// A figure that a person has put in place of the statistical forecast, and what it came to.
package struct OverrideRow: Codable, Hashable, Sendable {
    package let id: ID<OverrideRow>
    package let wish: OverrideWish
    package let madeBy: ID<Person>
    package let madeAt: Instant
    /// Units that were forecast of all its positions and days when it was made, and what they become.
    package let statistical: Double
    package let units: Double
    /// Positions that it is shared among, in proportion to what was forecast of each.
    package let positions: Int
    /// Nil while it holds.
    package let withdrawnBy: ID<Person>?
    package let withdrawnAt: Instant?

    static let columns: SQL =
        "id, body, made_by, made_at, statistical, units, positions, withdrawn_by, withdrawn_at"

    init(_ row: Row) throws {
        id = try row[0]
        wish = try JSON.decode(from: try row[1] as String)
        madeBy = try row[2]
        madeAt = try row[3]
        statistical = try row[4]
        units = try row[5]
        positions = try row[6]
        withdrawnBy = try row[7]
        withdrawnAt = try row[8]
    }
}

/// What somebody wants in place of the forecast: of which positions, for which days, how much, and why.
package struct OverrideWish: Codable, Hashable, Sendable {
    /// Of this item, or of all of this family; with neither, of all items.
    package var item: ID<Item>?
    package var family: String?
    /// At this location, or at all of this region; with neither, at all locations.
    package var location: ID<Location>?
    package var region: String?
    /// The first day, and the day after the last one.
    package var from: BusinessDate
    package var until: BusinessDate
    /// Exactly one of them: units in all, units more or less than forecast, or a factor.
    package var units: Double?
    package var more: Double?
    package var times: Double?
    package var reason: String

    package init(
        item: ID<Item>? = nil, family: String? = nil, location: ID<Location>? = nil, region: String? = nil, from: BusinessDate,
        until: BusinessDate, units: Double? = nil, more: Double? = nil, times: Double? = nil, reason: String
    ) {
        self.item = item
        self.family = family
        self.location = location
        self.region = region
        self.from = from
        self.until = until
        self.units = units
        self.more = more
        self.times = times
        self.reason = reason
    }

    var figure: PlannerOverride.Figure? {
        switch (units, more, times) {
        case (let units?, nil, nil): .units(units)
        case (nil, let more?, nil): .more(more)
        case (nil, nil, let times?): .times(times)
        default: nil
        }
    }

    package func violations() -> [Violation] {
        var found: [Violation] = []
        func require(_ holds: Bool, _ field: String, _ value: String?, _ expected: String) {
            if !holds { found.append(Violation(field, found: value, expected: expected)) }
        }
        require(item == nil || family == nil, "family", family, "nothing beside an item")
        require(location == nil || region == nil, "region", region, "nothing beside a location")
        require(
            item != nil || family != nil || location != nil || region != nil, "item", nil, "an item, family, location or region")
        require(from < until, "until", until.description, "a day after \(from)")
        require(until.days(since: from) <= 732, "until", until.description, "at most two years after \(from)")
        require(figure != nil, "units", nil, "exactly one of units, more and times")
        for (name, value) in [("units", units), ("times", times)] {
            require(value.map { $0 >= 0 && $0 <= 1e12 } ?? true, name, value.map { "\($0)" }, "a number, zero or more")
        }
        require(more.map { abs($0) <= 1e12 } ?? true, "more", more.map { "\($0)" }, "a number of units")
        require(!reason.isEmpty && reason.count <= 500, "reason", reason, "why, in at most 500 letters")
        return found
    }
}

extension ID<ExternalSystem> {
    /// The built-in engine's forecast with what planners made of it; the engine's own figures stay beside it.
    package static let planners: Self = "plimsoll+planner"
}

let overrideMigration = Migration("cycles-005-override", isAdditive: true) {
    """
    CREATE TABLE planner_override (
        id \(.key) PRIMARY KEY, item \(.key), family \(.key), location \(.key), region \(.key), first_on \(.key) NOT NULL,
        until_on \(.key) NOT NULL, body TEXT NOT NULL, made_by \(.key) NOT NULL, made_at BIGINT NOT NULL,
        statistical DOUBLE PRECISION NOT NULL, units DOUBLE PRECISION NOT NULL, positions BIGINT NOT NULL,
        withdrawn_by \(.key), withdrawn_at BIGINT)
    """
    "CREATE INDEX planner_override_end ON planner_override (until_on) WHERE withdrawn_at IS NULL"
    // The part of each position: a run looks its own up, whatever else belongs to the family or the region.
    """
    CREATE TABLE planner_override_part (
        planner_override \(.key) NOT NULL, item \(.key) NOT NULL, location \(.key) NOT NULL, figure DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (planner_override, item, location))
    """
    "CREATE INDEX planner_override_part_place ON planner_override_part (item, location)"
}
