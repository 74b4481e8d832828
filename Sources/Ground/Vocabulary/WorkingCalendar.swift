/// The days on which a location, supplier or lane works.
public struct WorkingCalendar: Hashable, Sendable, Codable {
    /// The weekdays on which work is done.
    public var workdays: Set<Weekday>
    /// Single days on which nothing is done, whatever the weekday.
    public var closedOn: Set<BusinessDate>
    /// Single days on which work is done although the weekday says otherwise.
    public var openOn: Set<BusinessDate>

    public init(workdays: Set<Weekday>, closedOn: Set<BusinessDate> = [], openOn: Set<BusinessDate> = []) {
        self.workdays = workdays
        self.closedOn = closedOn
        self.openOn = openOn
    }

    public static let everyDay = WorkingCalendar(workdays: Set(Weekday.allCases))
    public static let mondayToFriday = WorkingCalendar(
        workdays: [.monday, .tuesday, .wednesday, .thursday, .friday])

    public func isOpen(on date: BusinessDate) -> Bool {
        if openOn.contains(date) { return true }
        if closedOn.contains(date) { return false }
        return workdays.contains(date.weekday)
    }

    /// The first open day on or after `date`; nil when there is none within four years.
    public func firstOpenDay(from date: BusinessDate) -> BusinessDate? {
        (0..<1461).lazy.map { date.adding(days: $0) }.first(where: isOpen)
    }

    /// The last open day on or before `date`; nil when there is none within four years.
    public func lastOpenDay(upTo date: BusinessDate) -> BusinessDate? {
        (0..<1461).lazy.map { date.adding(days: -$0) }.first(where: isOpen)
    }

    /// The day on which the `count`-th working day after `date` falls; nil when the calendar has too few.
    public func date(_ count: Int, workingDaysAfter date: BusinessDate) -> BusinessDate? {
        var day = date
        for _ in 0..<count {
            guard let next = firstOpenDay(from: day.adding(days: 1)) else { return nil }
            day = next
        }
        return day
    }
}

extension WorkingCalendar {
    private enum CodingKeys: String, CodingKey { case workdays, closedOn, openOn }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        workdays = Set(try container.decode([Weekday].self, forKey: .workdays))
        closedOn = Set(try container.decodeIfPresent([BusinessDate].self, forKey: .closedOn) ?? [])
        openOn = Set(try container.decodeIfPresent([BusinessDate].self, forKey: .openOn) ?? [])
    }

    /// Writes the days in order, so that equal calendars have equal bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Weekday.allCases.filter(workdays.contains), forKey: .workdays)
        if !closedOn.isEmpty { try container.encode(closedOn.sorted(), forKey: .closedOn) }
        if !openOn.isEmpty { try container.encode(openOn.sorted(), forKey: .openOn) }
    }
}
