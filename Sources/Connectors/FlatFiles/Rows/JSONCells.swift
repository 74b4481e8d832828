import Foundation
import Vocabulary

/// A JSON line taken apart into cells, so that both formats go through the same checks.
///
/// Objects within become paths (`levels.reorderPoint`); lists and the rest stay JSON text.
struct JSONCells {
    private(set) var cells: [(name: String, text: String)] = []

    /// - Parameter known: the columns' names: an object called like one stays whole.
    /// - Throws: `input.invalid` when the line is no JSON object.
    init(_ line: UnsafeBufferPointer<UInt8>, known: Set<String>) throws(Fault) {
        let value: JSONCellValue
        do throws(Fault) {
            value = try JSON.decode(from: line)
        } catch {
            throw .invalid("line", found: String(decoding: line, as: UTF8.self), expected: "one JSON object")
        }
        guard case .object(let members) = value else {
            throw .invalid("line", found: String(decoding: line, as: UTF8.self), expected: "one JSON object")
        }
        try add(members, path: "", known: known)
    }

    private mutating func add(_ members: [String: JSONCellValue], path: String, known: Set<String>) throws(Fault) {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let full = path + name
            switch value {
            case .object(let inner) where !known.contains(full): try add(inner, path: full + ".", known: known)
            case .null: continue
            case .text(let text): cells.append((full, text))
            case .number(let number): cells.append((full, number.description))
            case .flag(let flag): cells.append((full, flag ? "true" : "false"))
            case .list, .object: cells.append((full, try JSON.text(of: value)))
            }
        }
    }
}

/// Any JSON value, numbers to their last digit.
enum JSONCellValue: Codable, Hashable {
    case null
    case flag(Bool)
    case number(Decimal)
    case text(String)
    case list([JSONCellValue])
    case object([String: JSONCellValue])

    init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: MemberName.self) {
            var object: [String: JSONCellValue] = [:]
            for key in members.allKeys { object[key.stringValue] = try members.decode(JSONCellValue.self, forKey: key) }
            self = .object(object)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Decimal.self) {
            self = .number(number)
        } else {
            self = .list(try container.decode([JSONCellValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let list): try container.encode(list)
        case .object(let object): try container.encode(object)
        }
    }

    private struct MemberName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
