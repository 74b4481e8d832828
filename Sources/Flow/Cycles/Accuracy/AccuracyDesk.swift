import CanonicalModel
import CanonicalStore
import Planning
import Replenishment
import Storage
import Vocabulary

/// Compares what was believed when forecast cycles closed with the demand that then came.
package struct AccuracyDesk: Sendable {
    let services: FlowServices
    /// The quantile by which coverage is judged.
    static let level = 0.95
    /// Items read at once: what is in memory.
    private static let batch = 200
    /// Days of demand before the first forecast that the scaled figures take their scale from.
    private static let past = 364
    /// The longest that a forecast looks ahead, in days.
    private static let reach = 400
    private static let lags = [1, 2, 3, 4, 6, 8, 13, 26]

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// - Parameter members: a subquery that answers the ids of the locations that the asker may see; nil for all.
    /// - Throws: `input.invalid` for a question that cannot be answered.
    package func report(_ question: AccuracyQuestion, within members: SQL?) async throws -> AccuracyReport {
        guard (1...400).contains(question.lag) else {
            throw Fault.invalid("lag", found: "\(question.lag)", expected: "1 to 400 periods")
        }
        let until = question.until ?? TimeZoneName.utc.date(at: services.clock.now())
        let from = question.from ?? until.adding(days: -91)
        guard from < until, until.days(since: from) <= 3660 else {
            throw Fault.invalid("from", found: "\(from)", expected: "a day before \(until) and within ten years of it")
        }
        var tally = Tally(lag: question.lag, lags: Set(Self.lags + [question.lag]).sorted())
        for place in try await places(question, within: members) {
            var after: ID<Item>?
            while let last = try await add(place, after: after, question, from, until, &tally) { after = last }
        }
        return tally.report(question, from: from, until: until)
    }

    private struct Place: Sendable {
        let location: ID<Location>
        let region: String
        let today: BusinessDate
    }

    private func places(_ question: AccuracyQuestion, within members: SQL?) async throws -> [Place] {
        let now = services.clock.now()
        let one: SQL = question.location.map { "AND id = \($0)" } ?? ""
        let visible: SQL = members.map { "AND id IN (\($0))" } ?? ""
        return try await services.database.read { connection in
            try connection.rows(
                """
                SELECT id, region, time_zone FROM location
                WHERE EXISTS (SELECT 1 FROM kept_forecast k WHERE k.location = location.id) \(one) \(visible) ORDER BY id
                """
            ) { row in
                let zone: TimeZoneName = try row[2]
                return Place(location: try row[0], region: try row[1], today: zone.date(at: now))
            }
        }
    }

    /// Judges the next items of a location.
    ///
    /// - Returns: the last of them; nil when there were none.
    private func add(
        _ place: Place, after: ID<Item>?, _ question: AccuracyQuestion, _ from: BusinessDate, _ until: BusinessDate,
        _ tally: inout Tally
    ) async throws -> ID<Item>? {
        let one: SQL = question.item.map { "AND item = \($0)" } ?? ""
        let earliest = from.adding(days: -Self.reach)
        let found = try await services.database.read { connection -> Batch? in
            let items: [ID<Item>] = try connection.values(
                """
                SELECT DISTINCT item FROM kept_forecast WHERE location = \(place.location) AND item > \(after ?? ID("")) \(one)
                ORDER BY item LIMIT \(Self.batch)
                """)
            guard !items.isEmpty, let known = try DemandHistory.extent(of: place.location, on: connection) else { return nil }
            let kept = try KeptForecasts.read(
                items, at: place.location, from: earliest, until: until, source: question.source, level: Self.level,
                on: connection)
            let days = try DemandPeriods(
                from: earliest.adding(days: -Self.past), days: 1, count: until.days(since: earliest) + Self.past)
            let series = try DemandHistory.series(of: items, at: place.location, over: days, on: connection)
            let families = try connection.rows("SELECT id, family FROM item WHERE id IN (\(list: items))") { row in
                (try row[0] as ID<Item>, try row[1] as String?)
            }
            return Batch(
                items: items, kept: kept, days: days, demand: Dictionary(series.map { ($0.item, $0) }) { first, _ in first },
                families: Dictionary(families) { first, _ in first },
                // Of a period whose last day nobody has told of yet, not all is known.
                end: min(until, place.today, known.upperBound.adding(days: 1)))
        }
        guard let found else { return nil }
        for series in found.series() {
            try tally.add(
                series, from: from, until: found.end,
                of: SeriesKey(
                    item: series.item.rawValue, location: place.location.rawValue,
                    family: found.families[series.item].flatMap(\.self), region: place.region))
        }
        return found.items.last
    }
}

/// Some items of a location: what was believed, and what was asked for.
private struct Batch: Sendable {
    let items: [ID<Item>]
    let kept: [KeptForecasts.Kept]
    let days: DemandPeriods
    let demand: [ID<Item>: DemandByPeriod]
    let families: [ID<Item>: String?]
    let end: BusinessDate

    /// Forecasts of one source whose periods begin on the same days are one series.
    func series() -> [BelievedSeries] {
        struct Grid: Hashable {
            let item: ID<Item>
            let source: ID<ExternalSystem>
            let days: Int
            let phase: Int
        }
        var order: [Grid] = []
        var groups: [Grid: [KeptForecasts.Kept]] = [:]
        for forecast in kept {
            let grid = Grid(
                // What a planner made of a forecast is a later word on the same.
                item: forecast.item, source: forecast.source == .planners ? .builtInEngine : forecast.source,
                days: forecast.periodDays,
                phase: forecast.start.days(since: days.start) % forecast.periodDays)
            if groups[grid] == nil { order.append(grid) }
            groups[grid, default: []].append(forecast)
        }
        return order.map { grid in
            BelievedSeries(
                item: grid.item, start: days.start.adding(days: grid.phase), periodDays: grid.days, kept: groups[grid] ?? [],
                demand: demand[grid.item], end: end)
        }
    }
}
