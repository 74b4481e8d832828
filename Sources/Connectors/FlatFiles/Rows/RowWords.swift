import CanonicalModel
import Vocabulary

/// Numbers that need not be exact, words from a list, and lists within a cell.
extension RowValues {
    package mutating func number(_ column: String) -> Double? {
        checked(column) { text throws(Fault) in
            guard let value = Double(text), value.isFinite else {
                throw .invalid(column, found: text, expected: "a number such as 2.5")
            }
            return value
        }
    }

    package mutating func whole<Number: FixedWidthInteger>(_ column: String) -> Number? {
        checked(column) { text throws(Fault) in
            guard let value = Number(text) else { throw .invalid(column, found: text, expected: "a whole number") }
            return value
        }
    }

    package mutating func flag(_ column: String) -> Bool? {
        checked(column) { text throws(Fault) in
            switch text.lowercased() {
            case "true", "yes", "1": return true
            case "false", "no", "0": return false
            default: throw .invalid(column, found: text, expected: "true or false")
            }
        }
    }

    /// A word of an enumeration, in any case.
    package mutating func word<Word: RawRepresentable & CaseIterable>(_ column: String) -> Word? where Word.RawValue == String {
        checked(column) { text throws(Fault) in
            if let word = Word(rawValue: text) { return word }
            let folded = text.lowercased()
            guard let word = Word.allCases.first(where: { $0.rawValue.lowercased() == folded }) else {
                let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(column, found: text, expected: "one of \(words)")
            }
            return word
        }
    }

    /// `1.5 2 3`, or a JSON list.
    package mutating func numbers(_ column: String) -> [Double]? {
        checked(column) { text throws(Fault) in
            if text.first == "[" { return try JSON.decode(from: text) }
            return try RowValues.numbers(in: text, column)
        }
    }

    /// `1 2 3 | 4 5 6`, or a JSON list of lists.
    package mutating func numberRows(_ column: String) -> [[Double]]? {
        checked(column) { text throws(Fault) in
            if text.first == "[" { return try JSON.decode(from: text) }
            var rows: [[Double]] = []
            for part in text.split(separator: "|") { rows.append(try RowValues.numbers(in: String(part), column)) }
            return rows
        }
    }

    private static func numbers(in text: String, _ column: String) throws(Fault) -> [Double] {
        var numbers: [Double] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == ";" }) {
            guard let number = Double(word), number.isFinite else {
                throw .invalid(column, found: text, expected: "numbers with spaces between them, such as 1.5 2 3")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// `CS=12 PAL=480`, or a JSON list of `{"unit", "factor"}`.
    package mutating func conversions(_ column: String) -> [UnitConversion]? {
        checked(column) { text throws(Fault) in
            if text.first == "[" { return try JSON.decode(from: text) }
            var conversions: [UnitConversion] = []
            for word in text.split(whereSeparator: { $0 == " " || $0 == ";" }) {
                let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard sides.count == 2 else {
                    throw .invalid(
                        column, found: text, expected: "units with their worth in stocking units, such as CS=12 PAL=480")
                }
                conversions.append(
                    UnitConversion(
                        unit: try UnitCode(checking: sides[0], field: column), factor: try Ratio(parsing: sides[1], field: column)
                    ))
            }
            return conversions
        }
    }

    /// `everyDay`, `mondayToFriday`, weekdays such as `monday tuesday saturday`, or a JSON calendar with its single days.
    package mutating func calendar(_ column: String) -> WorkingCalendar? {
        checked(column) { text throws(Fault) in
            if text.first == "{" { return try JSON.decode(from: text) }
            switch text.lowercased() {
            case "everyday": return .everyDay
            case "mondaytofriday": return .mondayToFriday
            default: break
            }
            var days: Set<Weekday> = []
            for word in text.lowercased().split(whereSeparator: { $0 == " " || $0 == ";" }) {
                guard let day = Weekday(rawValue: String(word)) else {
                    throw .invalid(
                        column, found: text, expected: "everyDay, mondayToFriday, or weekdays such as monday tuesday saturday")
                }
                days.insert(day)
            }
            return WorkingCalendar(workdays: days)
        }
    }
}
