/// A day of business at some location: a calendar date without a time or a zone.
///
/// "Due on the 5th" means the 5th where the goods are; midnight UTC has nothing to say about it.
public struct BusinessDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    public let dayNumber: Int32

    public init(dayNumber: Int32) {
        self.dayNumber = dayNumber
    }

    /// - Returns: nil when there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Howard Hinnant's days_from_civil: the year starts in March, so that the leap day comes last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(dayNumber: Int32(era * 146_097 + dayOfEra - 719_468))
        let check = parts
        guard check.month == month, check.day == day else { return nil }
    }

    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = Int(dayNumber) + 719_468
        let (era, dayOfEra) = shifted.flooredQuotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    public var weekday: Weekday {
        let (_, day) = (Int(dayNumber) + 3).flooredQuotientAndRemainder(dividingBy: 7)
        return Weekday.allCases[day]
    }

    public static func < (left: Self, right: Self) -> Bool { left.dayNumber < right.dayNumber }

    public func adding(days: Int) -> BusinessDate {
        BusinessDate(dayNumber: dayNumber &+ Int32(clamping: days))
    }

    /// Whole days from `earlier` to this day; negative when this day is before it.
    public func days(since earlier: BusinessDate) -> Int { Int(dayNumber) - Int(earlier.dayNumber) }
}

public enum Weekday: String, CaseIterable, Codable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}

extension BusinessDate: CustomStringConvertible {
    public var description: String { text(of: append) }

    /// Its text without quotes, in bytes.
    func append(to bytes: inout [UInt8]) {
        let (year, month, day) = parts
        appendDigits(of: Int64(year), atLeast: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(of: Int64(month), atLeast: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(of: Int64(day), atLeast: 2, to: &bytes)
    }

    /// Reads `YYYY-MM-DD`; nil for anything else and for days that do not exist.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10])
        else { return nil }
        self.init(year: Int(year), month: Int(month), day: Int(day))
    }

    /// - Throws: `input.invalid` naming `field`.
    public init(parsing text: String, field: String) throws(Fault) {
        guard let date = BusinessDate(text: text) else {
            throw .invalid(field, found: text, expected: "an existing date as YYYY-MM-DD")
        }
        self = date
    }
}

extension BusinessDate: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = BusinessDate(text: try container.decode(String.self)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "an existing date as YYYY-MM-DD"))
        }
        self = date
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
