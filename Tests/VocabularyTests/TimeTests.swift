import Testing
import Vocabulary

@Suite struct `An instant` {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-23T20:36:00Z", 1_795_466_160_000_000),
        ("2026-11-23T21:36:00.250+01:00", 1_795_466_160_250_000), ("1969-12-31T23:59:59.999999Z", -1),
        ("2000-02-29T12:00:00-05:30", 951_845_400_000_000),
    ])
    func `is read with its offset`(text: String, microseconds: Int64) throws {
        #expect(try Instant(parsing: text, field: "at").microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T20:36:00", "2026-11-23T20:36:00.",
    ])
    func `is refused when it is none`(text: String) {
        #expect(throws: Fault.self) { try Instant(parsing: text, field: "at") }
    }

    @Test(arguments: [0, 1, -1, 1_795_466_160_250_000, -62_135_596_800_000_000])
    func `is written so that it reads back the same`(microseconds: Int64) throws {
        let instant = Instant(microseconds: microseconds)
        #expect(try Instant(parsing: instant.description, field: "at") == instant)
    }
}

@Suite struct `A business date` {
    @Test func `has the weekday and the neighbours of the calendar`() throws {
        let leapDay = try #require(BusinessDate(year: 2024, month: 2, day: 29))
        #expect(leapDay.weekday == .thursday)
        #expect(leapDay.adding(days: 1).description == "2024-03-01")
        #expect(leapDay.adding(days: 365).description == "2025-02-28")
        #expect(BusinessDate(year: 2025, month: 2, day: 29) == nil)
        #expect(BusinessDate(text: "2026-1-01") == nil)
    }

    @Test func `is the day it is at the location, not in Greenwich`() throws {
        let late = try Instant(parsing: "2026-11-24T03:30:00Z", field: "at")
        let newYork = try TimeZoneName(checking: "America/New_York", field: "timeZone")
        let auckland = try TimeZoneName(checking: "Pacific/Auckland", field: "timeZone")
        #expect(newYork.date(at: late).description == "2026-11-23")
        #expect(auckland.date(at: late).description == "2026-11-24")
        #expect(TimeZoneName.utc.date(at: late).description == "2026-11-24")
    }

    @Test(arguments: ["2026-03-29", "2026-10-25", "2026-11-23"])
    func `begins at its own midnight on days when the clocks change, too`(text: String) throws {
        let berlin = try TimeZoneName(checking: "Europe/Berlin", field: "timeZone")
        let date = try BusinessDate(parsing: text, field: "date")
        let start = berlin.start(of: date)
        #expect(berlin.date(at: start) == date)
        #expect(berlin.date(at: start - .microseconds(1)) == date.adding(days: -1))
    }

    @Test func `an unknown zone is refused`() {
        #expect(throws: Fault.self) { try TimeZoneName(checking: "Mars/Olympus", field: "timeZone") }
    }
}

@Suite struct `A working calendar` {
    @Test func `skips weekends and closed days, and knows exceptions`() throws {
        let friday = try #require(BusinessDate(text: "2026-12-25"))
        var calendar = WorkingCalendar.mondayToFriday
        calendar.closedOn = [friday]
        #expect(calendar.firstOpenDay(from: friday)?.description == "2026-12-28")
        #expect(calendar.lastOpenDay(upTo: friday)?.description == "2026-12-24")
        calendar.openOn = [friday.adding(days: 1)]
        #expect(calendar.firstOpenDay(from: friday)?.description == "2026-12-26")
        #expect(calendar.date(3, workingDaysAfter: friday)?.description == "2026-12-29")
    }

    @Test func `that never opens answers nothing`() {
        #expect(WorkingCalendar(workdays: []).firstOpenDay(from: BusinessDate(dayNumber: 0)) == nil)
    }
}
