import CanonicalModel
import Vocabulary

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
    /// Rows of each period, and those of them that are censored.
    private var rows: [Int]
    private var censoredRows: [Int]

    init(item: ID<Item>, location: ID<Location>, periods: DemandPeriods) {
        self.item = item
        self.location = location
        self.periods = periods
        quantities = Array(repeating: .zero, count: periods.count)
        censored = Array(repeating: false, count: periods.count)
        rows = Array(repeating: 0, count: periods.count)
        censoredRows = rows
    }

    mutating func add(_ quantity: Quantity, on date: BusinessDate, isCensored: Bool) throws {
        let period = date.days(since: periods.start) / periods.days
        quantities[period] = try quantities[period] + quantity
        censored[period] = censored[period] || isCensored
        rows[period] += 1
        censoredRows[period] += isCensored ? 1 : 0
    }

    /// For computations that do not need to be exact.
    package var values: [Double] { quantities.map(\.double) }

    /// The share of each period in which there was stock, shape `[periods]`; empty when there always was.
    ///
    /// Where demand is recorded by the day each censored day counts. Where a row is a whole period, nobody knows how much of it
    /// had stock: the share is then 0, which says that what is recorded is the least that was asked for.
    package var available: [Double] {
        guard censored.contains(true) else { return [] }
        let isByDay = rows.contains { $0 > 1 } || periods.days == 1
        return censoredRows.map { count in
            isByDay ? max(0, 1 - Double(count) / Double(periods.days)) : count > 0 ? 0 : 1
        }
    }
}
