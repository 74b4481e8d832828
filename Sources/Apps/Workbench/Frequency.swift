import Vocabulary

/// How long a period is, in the words that forecasting tools use: D, W, MS, QS, YS and their multiples and anchors.
public struct Frequency: Sendable, Hashable {
    private enum Step: Hashable { case days(Int), months(Int, atEnd: Bool) }
    private let step: Step

    /// - Throws: `.option` for a word that is not known.
    public init(_ text: String) throws(WorkbenchError) {
        let digits = text.prefix { $0.isNumber }
        let count = digits.isEmpty ? 1 : Int(digits) ?? 0
        let unit = text.dropFirst(digits.count).split(separator: "-").first.map { $0.uppercased() } ?? ""
        let steps: [String: Step] = [
            "D": .days(count), "B": .days(count), "W": .days(7 * count), "MS": .months(count, atEnd: false),
            "M": .months(count, atEnd: true), "ME": .months(count, atEnd: true), "QS": .months(3 * count, atEnd: false),
            "Q": .months(3 * count, atEnd: true), "QE": .months(3 * count, atEnd: true),
            "YS": .months(12 * count, atEnd: false), "AS": .months(12 * count, atEnd: false),
            "Y": .months(12 * count, atEnd: true), "YE": .months(12 * count, atEnd: true), "A": .months(12 * count, atEnd: true),
        ]
        guard (1...1000).contains(count), let step = steps[unit] else {
            throw .option(
                name: "--frequency", found: text, expected: "D, W, MS, M, QS, Q, YS or Y, perhaps with a number before it")
        }
        self.step = step
    }

    /// The first day of the period that lies `count` periods after the one of `day`.
    public func day(_ count: Int, after day: BusinessDate) -> BusinessDate {
        switch step {
        case .days(let length): return day.adding(days: count * length)
        case .months(let length, let atEnd):
            let parts = day.parts
            let months = parts.year * 12 + parts.month - 1 + count * length
            let (year, month) = (months / 12, months % 12 + 1)
            let last = Self.lastDay(year, month)
            let wanted = atEnd && parts.day == Self.lastDay(parts.year, parts.month) ? last : min(parts.day, last)
            return BusinessDate(year: year, month: month, day: wanted) ?? day
        }
    }

    /// Whole periods from `first` to `day`; nil when `day` does not begin one.
    public func periods(from first: BusinessDate, to day: BusinessDate) -> Int? {
        switch step {
        case .days(let length):
            let (count, rest) = day.days(since: first).quotientAndRemainder(dividingBy: length)
            return rest == 0 ? count : nil
        case .months(let length, _):
            let (from, to) = (first.parts, day.parts)
            let (count, rest) = ((to.year - from.year) * 12 + to.month - from.month).quotientAndRemainder(dividingBy: length)
            return rest == 0 && self.day(count, after: first) == day ? count : nil
        }
    }

    /// The period, counted from that of `first`, in which a day lies. Periods of months that are named by their last day end on
    /// it; all others begin on the day that names them.
    public func period(of day: BusinessDate, from first: BusinessDate) -> Int {
        let guess: Int
        let endsOnName: Bool
        switch step {
        case .days(let length): (guess, endsOnName) = (day.days(since: first) / length, false)
        case .months(let length, let atEnd):
            let (from, to) = (first.parts, day.parts)
            (guess, endsOnName) = (((to.year - from.year) * 12 + to.month - from.month) / length, atEnd)
        }
        var period = guess - 1
        if endsOnName {
            while self.day(period, after: first) < day { period += 1 }
        } else {
            while self.day(period + 1, after: first) <= day { period += 1 }
        }
        return period
    }

    private static func lastDay(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
