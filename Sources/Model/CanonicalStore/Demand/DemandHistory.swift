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
            SELECT date, quantity, is_censored FROM demand
            WHERE location = \(location) AND item = \(item) AND date >= \(from) AND date < \(until) ORDER BY date
            """
        ) { row in DemandPoint(date: try row[0], quantity: try row[1], isCensored: try row[2]) }
    }

    /// The first and last date on which anything is known for the location; nil when nothing is.
    package static func extent(of location: ID<Location>, on connection: any Connection) throws -> ClosedRange<BusinessDate>? {
        let dates = try connection.first("SELECT MIN(date), MAX(date) FROM demand WHERE location = \(location)") { row in
            (try row[0] as BusinessDate?, try row[1] as BusinessDate?)
        }
        guard let (first, last) = dates, let first, let last, first <= last else { return nil }
        return first...last
    }

    /// Some of a location's items, each as one series over the same periods, in the order of the items.
    ///
    /// Memory is bounded by `limit` series; a caller that reads them all asks again with the last item of the answer.
    ///
    /// - Parameters:
    ///   - after: the last item of the answer before; nil to begin.
    ///   - periods: what the series count; items without any demand in them are left out.
    /// - Returns: at most `limit` series; fewer only at the end.
    package static func series(
        at location: ID<Location>, over periods: DemandPeriods, after: ID<Item>? = nil, limit: Int = 500,
        on connection: any Connection
    ) throws -> [DemandByPeriod] {
        let items: [ID<Item>] = try connection.values(
            """
            SELECT DISTINCT item FROM demand WHERE location = \(location) AND item > \(after ?? ID(""))
                AND date >= \(periods.start) AND date < \(periods.end) ORDER BY item LIMIT \(limit)
            """)
        guard let first = items.first, let last = items.last else { return [] }
        return try series(
            at: location, over: periods, where: "item >= \(first) AND item <= \(last)", on: connection)
    }

    /// The series of certain items at a location.
    ///
    /// - Returns: in the order of the items; those without any demand in the periods are left out.
    package static func series(
        of items: some Sequence<ID<Item>>, at location: ID<Location>, over periods: DemandPeriods, on connection: any Connection
    ) throws -> [DemandByPeriod] {
        try Set(items).sorted().inStatementGroups().flatMap { group in
            try series(at: location, over: periods, where: "item IN (\(list: group))", on: connection)
        }
    }

    private static func series(
        at location: ID<Location>, over periods: DemandPeriods, where condition: SQL, on connection: any Connection
    ) throws -> [DemandByPeriod] {
        var found: [DemandByPeriod] = []
        var dates: [String: BusinessDate] = [:]
        _ = try connection.rows(
            """
            SELECT item, date, quantity, is_censored FROM demand
            WHERE location = \(location) AND \(condition) AND date >= \(periods.start) AND date < \(periods.end)
            ORDER BY item, date
            """
        ) { row in
            let item: ID<Item> = try row[0]
            if found.last?.item != item { found.append(DemandByPeriod(item: item, location: location, periods: periods)) }
            let text: String = try row[1]
            let date = try dates[text] ?? BusinessDate(parsing: text, field: "date")
            dates[text] = date
            try found[found.count - 1].add(try row[2], on: date, isCensored: try row[3])
        }
        return found
    }
}

package struct DemandPoint: Codable, Hashable, Sendable {
    /// The first day of the period.
    package let date: BusinessDate
    /// In stocking units.
    package let quantity: Quantity
    package let isCensored: Bool
}

/// Equal periods one after the other, in a location's own calendar.
package struct DemandPeriods: Codable, Hashable, Sendable {
    package let start: BusinessDate
    /// The length of each in days.
    package let days: Int
    package let count: Int

    /// - Throws: `input.invalid` unless there is at least one period of at least one day.
    package init(from start: BusinessDate, days: Int, count: Int) throws(Fault) {
        guard (1...366).contains(days) else { throw .invalid("days", found: "\(days)", expected: "1 to 366 days") }
        guard (1...10_000).contains(count) else { throw .invalid("count", found: "\(count)", expected: "1 to 10000 periods") }
        self.start = start
        self.days = days
        self.count = count
    }

    /// The day after the last period.
    package var end: BusinessDate { start.adding(days: days * count) }
}

/// What was asked for of one item at one location, period by period.
package struct DemandByPeriod: Hashable, Sendable {
    package let item: ID<Item>
    package let location: ID<Location>
    package let periods: DemandPeriods
    /// Shape `[periods]`, oldest first, in stocking units; zero where nothing is recorded.
    package private(set) var quantities: [Quantity]
    /// Shape `[periods]`: there was no stock on some day, so what was asked for is at least the quantity.
    package private(set) var censored: [Bool]

    init(item: ID<Item>, location: ID<Location>, periods: DemandPeriods) {
        self.item = item
        self.location = location
        self.periods = periods
        quantities = Array(repeating: .zero, count: periods.count)
        censored = Array(repeating: false, count: periods.count)
    }

    mutating func add(_ quantity: Quantity, on date: BusinessDate, isCensored: Bool) throws {
        let period = date.days(since: periods.start) / periods.days
        quantities[period] = try quantities[period] + quantity
        censored[period] = censored[period] || isCensored
    }

    /// For computations that do not need to be exact.
    package var values: [Double] { quantities.map(\.double) }
}
