import CanonicalModel
import Vocabulary

/// The cells of one row by column name, and what was found wrong with them on reading.
///
/// Every accessor gives nil for a cell that is empty or not valid; the second is a violation, and so is the
/// first where the column is required.
package struct RowValues {
    let columns: [String: Int]
    let isRequired: [Bool]
    let written: [String]
    /// Turns the file's own names for items, locations and suppliers into ours.
    let names: Crosswalk
    package let row: Int
    var cells: [String?]
    package private(set) var violations: [Violation] = []

    mutating func complain(_ column: String, found: String?, _ expected: String) {
        let field = columns[column].map { written[$0] } ?? column
        violations.append(Violation(field, found: found, expected: expected, row: row))
    }

    mutating func add(_ more: [Violation]) {
        for var violation in more {
            violation.row = row
            violations.append(violation)
        }
    }

    /// The cell as it is; nil when it is empty.
    package mutating func text(_ column: String) -> String? {
        guard let index = columns[column] else { return nil }
        if let cell = cells[index], !cell.isEmpty { return cell }
        if isRequired[index] { complain(column, found: cells[index], "a value") }
        return nil
    }

    /// Numbers, dates and words may have spaces around them.
    mutating func trimmed(_ column: String) -> String? {
        guard let text = text(column) else { return nil }
        guard text.first == " " || text.last == " " else { return text }
        return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    package mutating func checked<Value>(_ column: String, _ read: (String) throws(Fault) -> Value) -> Value? {
        guard let text = trimmed(column) else { return nil }
        do throws(Fault) {
            return try read(text)
        } catch {
            let complaint = error.violations.first?.expected ?? error.message
            complain(column, found: text, complaint)
            return nil
        }
    }

    package mutating func id<Subject>(_ column: String) -> ID<Subject>? {
        guard let text = text(column) else { return nil }
        if let complaint = identifierComplaint(about: text) {
            complain(column, found: text, complaint)
            return nil
        }
        return ID(text)
    }

    package mutating func item(_ column: String = "item") -> ID<Item>? {
        let own: ID<Item>? = id(column)
        return own.map { names.item($0.rawValue) }
    }

    package mutating func location(_ column: String = "location") -> ID<Location>? {
        let own: ID<Location>? = id(column)
        return own.map { names.location($0.rawValue) }
    }

    package mutating func supplier(_ column: String = "supplier") -> ID<Supplier>? {
        let own: ID<Supplier>? = id(column)
        return own.map { names.supplier($0.rawValue) }
    }

    package mutating func decimal<Number: Decimal6>(_ column: String) -> Number? {
        checked(column) { text throws(Fault) in try Number(parsing: text, field: column) }
    }

    package mutating func date(_ column: String) -> BusinessDate? {
        checked(column) { text throws(Fault) in try BusinessDate(parsing: text, field: column) }
    }

    package mutating func instant(_ column: String) -> Instant? {
        checked(column) { text throws(Fault) in try Instant(parsing: text, field: column) }
    }

    package mutating func unit(_ column: String) -> UnitCode? {
        checked(column) { text throws(Fault) in try UnitCode(checking: text, field: column) }
    }

    package mutating func currency(_ column: String) -> CurrencyCode? {
        checked(column) { text throws(Fault) in try CurrencyCode(checking: text, field: column) }
    }
}
