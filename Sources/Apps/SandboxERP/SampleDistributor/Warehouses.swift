import Vocabulary

/// One of the three regional warehouses.
struct Warehouse: Sendable {
    let id: String
    let title: String
    let region: String
    let timeZone: String
    /// The share of every item's demand that is served from here.
    let share: Double
    let capacity: Int
    /// A holiday that only this one keeps.
    let localHoliday: @Sendable (_ year: Int) -> BusinessDate?

    static let all = [
        Warehouse(
            id: "ATL", title: "Atlanta distribution centre", region: "us-south", timeZone: "America/New_York", share: 0.35,
            capacity: 30_000, localHoliday: { _ in nil }),
        Warehouse(
            id: "EWR", title: "Newark distribution centre", region: "us-east", timeZone: "America/New_York", share: 0.40,
            capacity: 34_000,
            // The day after Thanksgiving.
            localHoliday: { nthWeekday(4, .thursday, month: 11, year: $0)?.adding(days: 1) }),
        Warehouse(
            id: "RNO", title: "Reno distribution centre", region: "us-west", timeZone: "America/Los_Angeles", share: 0.25,
            capacity: 17_000,
            // Nevada Day, the last Friday of October.
            localHoliday: { BusinessDate(year: $0, month: 10, day: 31)?.backTo(.friday) }),
    ]

    func record(today: BusinessDate, changedAt: Instant) throws(Fault) -> ERPLocation {
        var calendar = WorkingCalendar.mondayToFriday
        for year in (today.parts.year - 2)...(today.parts.year + 1) {
            let holidays = [
                BusinessDate(year: year, month: 1, day: 1), BusinessDate(year: year, month: 7, day: 4),
                nthWeekday(4, .thursday, month: 11, year: year), BusinessDate(year: year, month: 12, day: 25),
                localHoliday(year),
            ]
            calendar.closedOn.formUnion(holidays.compactMap(\.self))
        }
        return ERPLocation(
            id: id, changedAt: changedAt, title: title, region: region,
            timeZone: try TimeZoneName(checking: timeZone, field: "timeZone"), calendar: calendar,
            capacity: Quantity(capacity))
    }
}

/// The `count`-th such weekday of a month.
private func nthWeekday(_ count: Int, _ weekday: Weekday, month: Int, year: Int) -> BusinessDate? {
    BusinessDate(year: year, month: month, day: 7 * count)?.backTo(weekday)
}

extension BusinessDate {
    /// The last such weekday on or before this day.
    fileprivate func backTo(_ weekday: Weekday) -> BusinessDate? {
        (0..<7).lazy.map { adding(days: -$0) }.first { $0.weekday == weekday }
    }
}

/// What moving goods between two warehouses takes and costs.
struct LaneTerms: Sendable {
    let origin: String, destination: String
    let days: Int
    let perShipment: Int
    /// In cents.
    let perUnit: Int

    static let all = [
        LaneTerms(origin: "ATL", destination: "EWR", days: 2, perShipment: 95, perUnit: 12),
        LaneTerms(origin: "EWR", destination: "ATL", days: 2, perShipment: 95, perUnit: 12),
        LaneTerms(origin: "ATL", destination: "RNO", days: 5, perShipment: 180, perUnit: 30),
        LaneTerms(origin: "RNO", destination: "ATL", days: 5, perShipment: 165, perUnit: 28),
        LaneTerms(origin: "EWR", destination: "RNO", days: 6, perShipment: 210, perUnit: 34),
        LaneTerms(origin: "RNO", destination: "EWR", days: 6, perShipment: 190, perUnit: 32),
    ]

    func record(changedAt: Instant) throws(Fault) -> ERPLane {
        ERPLane(
            id: "\(origin)-\(destination)", changedAt: changedAt, origin: origin, destination: destination,
            transitDays: Quantity(days), transitDeviationDays: try Quantity(rounding: Double(days) * 0.15),
            costPerShipment: Money(perShipment), costPerUnit: try Money(rounding: Double(perUnit) / 100), currency: "USD",
            calendar: .mondayToFriday)
    }
}
