import Vocabulary

/// Any JSON, as an API answers it.
enum JSONValue: Codable, Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value):
            if let whole = Int64(exactly: value) { try container.encode(whole) } else { try container.encode(value) }
        case .string(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// What is at a path such as `decision.action.kind`; `.null` where there is nothing.
    subscript(path: String) -> JSONValue {
        path.split(separator: ".").reduce(self) { value, key in
            switch value {
            case .object(let fields): fields[String(key)] ?? .null
            case .list(let elements): Int(key).flatMap { elements.indices.contains($0) ? elements[$0] : nil } ?? .null
            default: .null
            }
        }
    }

    var list: [JSONValue] {
        if case .list(let elements) = self { elements } else { [] }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var int: Int? {
        if case .number(let number) = self { Int(exactly: number) } else { nil }
    }

    var double: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// As a person reads it in a table.
    var shown: String {
        switch self {
        case .null: "-"
        case .bool(let value): value ? "yes" : "no"
        case .number(let value): Int64(exactly: value).map(String.init) ?? String(value)
        case .string(let value): value
        case .list(let value): value.map(\.shown).joined(separator: ", ")
        case .object(let value): value.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shown)" }.joined(separator: ", ")
        }
    }
}

extension JSONValue {
    init(_ bytes: [UInt8]) throws {
        self = bytes.isEmpty ? .null : try JSON.decode(JSONValue.self, from: bytes)
    }
}
