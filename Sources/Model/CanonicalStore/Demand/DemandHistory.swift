import CanonicalModel
import Storage
import Vocabulary

/// Reads what was asked for.
package enum DemandHistory {
    /// One item at one location, oldest first; `until` is not included.
    package static func read(
        _ item: ID<Item>, at location: ID<Location>, from: BusinessDate, until: BusinessDate, on connection: any Connection
    ) throws -> [DemandPoint] {
        try connection.rows(
            """
            SELECT day, quantity, is_censored FROM demand
            WHERE series = (SELECT id FROM demand_series WHERE location = \(location) AND item = \(item))
                AND day >= \(Int(from.dayNumber)) AND day < \(Int(until.dayNumber)) ORDER BY day
            """
        ) { row in DemandPoint(date: BusinessDate(day: try row[0]), quantity: try row[1], isCensored: try row[2]) }
    }

    /// The first and last date on which anything is known for the location; nil when nothing is.
    package static func extent(of location: ID<Location>, on connection: any Connection) throws -> ClosedRange<BusinessDate>? {
        let days = try connection.first(
            "SELECT MIN(first_day), MAX(last_day) FROM demand_series WHERE location = \(location)"
        ) { row in
            (try row[0] as Int64?, try row[1] as Int64?)
        }
        guard let (first, last) = days, let first, let last, first <= last else { return nil }
        return BusinessDate(day: first)...BusinessDate(day: last)
    }

    /// Some of a location's items, each as one series over the same periods, in the order of the items.
    ///
    /// Memory is bounded by `limit` series; a caller that reads them all asks again with the last item of the answer.
    ///
    /// - Parameters:
    ///   - after: the last item of the answer before; nil to begin.
    ///   - periods: what the series count; items of which nothing is known so late or so early are left out.
    /// - Returns: at most `limit` series; fewer only at the end.
    package static func series(
        at location: ID<Location>, over periods: DemandPeriods, after: ID<Item>? = nil, limit: Int = 500,
        on connection: any Connection
    ) throws -> [DemandByPeriod] {
        try series(
            at: location, over: periods, where: "item > \(after ?? ID("")) AND \(periods.touches) ORDER BY item LIMIT \(limit)",
            on: connection)
    }

    /// The series of certain items at a location.
    ///
    /// - Returns: in the order of the items; those of which nothing is known so late or so early are left out.
    package static func series(
        of items: some Sequence<ID<Item>>, at location: ID<Location>, over periods: DemandPeriods, on connection: any Connection
    ) throws -> [DemandByPeriod] {
        try Set(items).sorted().inStatementGroups().flatMap { group in
            try series(
                at: location, over: periods, where: "item IN (\(list: group)) AND \(periods.touches) ORDER BY item",
                on: connection)
        }
    }

    /// The series of certain positions, wherever they are.
    ///
    /// - Returns: in no order; those of which nothing is known so late or so early are left out.
    package static func series(
        of positions: some Sequence<Position>, over periods: DemandPeriods, on connection: any Connection
    ) throws -> [DemandByPeriod] {
        try positions.inStatementGroups().flatMap { group in
            let found = try connection.rows(
                """
                \(SQL.wanted(group)) SELECT id, item, location FROM wanted CROSS JOIN demand_series
                WHERE location = wanted_location AND item = wanted_item AND \(periods.touches)
                """
            ) { row in
                (id: try row[0] as Int64, series: DemandByPeriod(item: try row[1], location: try row[2], periods: periods))
            }
            return try filled(found, over: periods, on: connection)
        }
    }

    private static func series(
        at location: ID<Location>, over periods: DemandPeriods, where condition: SQL, on connection: any Connection
    ) throws -> [DemandByPeriod] {
        let found = try connection.rows(
            "SELECT id, item FROM demand_series WHERE location = \(location) AND \(condition)"
        ) { row in
            (id: try row[0] as Int64, series: DemandByPeriod(item: try row[1], location: location, periods: periods))
        }
        return try filled(found, over: periods, on: connection)
    }

    private static func filled(
        _ found: [(id: Int64, series: DemandByPeriod)], over periods: DemandPeriods, on connection: any Connection
    ) throws -> [DemandByPeriod] {
        var series = found.map(\.series)
        let places = Dictionary(uniqueKeysWithValues: zip(found.map(\.id), found.indices))
        for group in found.map(\.id).sorted().inStatementGroups() {
            _ = try connection.rows(
                """
                SELECT series, day, quantity, is_censored FROM demand
                WHERE series IN (\(list: group)) AND day >= \(Int(periods.start.dayNumber))
                    AND day < \(Int(periods.end.dayNumber))
                """
            ) { row in
                guard let place = places[try row[0]] else { throw Fault.defect("A row of demand answers no series asked for.") }
                try series[place].add(try row[2], on: BusinessDate(day: try row[1]), isCensored: try row[3])
            }
        }
        return series
    }
}

extension BusinessDate {
    fileprivate init(day: Int64) { self.init(dayNumber: Int32(clamping: day)) }
}

extension DemandPeriods {
    /// The series that reach into these periods.
    fileprivate var touches: SQL { "first_day < \(Int(end.dayNumber)) AND last_day >= \(Int(start.dayNumber))" }
}
