import CanonicalModel
import Storage
import Vocabulary

/// An entity that has a table of its own, one column a property.
///
/// The lists are written out in `Tables/<Entity>Table.swift`: columns, values and initialiser in the same order.
package protocol StoredEntity: CanonicalEntity {
    static var table: String { get }
    /// The columns after `id`.
    static var columns: [String] { get }
    /// How many of the last columns rows were stored without once; null there, they are the same rows.
    static var laterColumns: Int { get }
    /// One value for each of `columns`.
    var columnValues: [SQLValue] { get throws }
    /// - Parameters:
    ///   - id: entities whose id follows from their fields need not look at it.
    ///   - columns: stands on the first of `columns`.
    init(id: ID<Self>, reading columns: inout ColumnReader) throws
}

/// Reads the columns of a row one after the other.
package struct ColumnReader {
    private let row: Row
    private var index: Int

    package init(_ row: Row, from index: Int = 0) {
        self.row = row
        self.index = index
    }

    package mutating func next<Value: SQLRepresentable>() throws -> Value {
        defer { index += 1 }
        return try row[index]
    }

    /// A list that is stored as its canonical JSON; most are empty, and reading JSON costs more than the rest of the row.
    package mutating func json<Value: Decodable>() throws -> [Value] {
        let text: String = try next()
        if text == "[]" { return [] }
        do {
            return try JSON.decode([Value].self, from: text)
        } catch {
            throw Fault.unreadableColumn(index - 1, text, "a list of \(Value.self)")
        }
    }

    /// A calendar that is stored as its canonical JSON; nearly all are one of two.
    package mutating func calendar() throws -> WorkingCalendar {
        let text: String = try next()
        switch text {
        case Self.everyDay: return .everyDay
        case Self.mondayToFriday: return .mondayToFriday
        default: return try JSON.decode(WorkingCalendar.self, from: text)
        }
    }

    private static let everyDay = try? JSON.text(of: WorkingCalendar.everyDay)
    private static let mondayToFriday = try? JSON.text(of: WorkingCalendar.mondayToFriday)
}

extension Encodable {
    /// This value as the canonical JSON that is stored.
    var jsonColumn: SQLValue {
        get throws { .text(try JSON.text(of: self)) }
    }
}

extension StoredEntity {
    package static var laterColumns: Int { 0 }

    /// The same for two values exactly when all columns are.
    static func contentDigest(_ values: [SQLValue]) -> Digest {
        var bytes: [UInt8] = []
        let later = values.suffix(laterColumns).allSatisfy { $0 == .null } ? laterColumns : 0
        for value in values.dropLast(later) {
            switch value {
            case .null: bytes.append(0)
            case .integer(let number): append(1, UInt64(bitPattern: number), to: &bytes)
            case .real(let number): append(2, number.bitPattern, to: &bytes)
            case .text(let text):
                append(3, UInt64(text.utf8.count), to: &bytes)
                bytes.append(contentsOf: text.utf8)
            }
        }
        return Digest(of: bytes)
    }
}

private func append(_ tag: UInt8, _ number: UInt64, to bytes: inout [UInt8]) {
    bytes.append(tag)
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
}

extension SQL {
    /// Plain identifiers with commas between, each with `prefix` before it.
    static func list(_ names: [String], of prefix: String? = nil) -> SQL {
        .joined(
            names.map { name in
                if let prefix { "\(identifier: prefix).\(identifier: name)" } else { "\(identifier: name)" }
            }, separator: ", ")
    }
}
