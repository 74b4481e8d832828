import Vocabulary

/// A value of Tryton's JSON-RPC.
///
/// Numbers keep their text: what the ERP wrote as `0.1` never becomes a binary fraction on the way in.
enum RPCValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([RPCValue])
    case object([String: RPCValue])
}

extension RPCValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .number(String(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: RPCValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, RPCValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

/// Tryton's typed values: objects that carry their Python class.
extension RPCValue {
    static func id(_ id: Int64) -> RPCValue { .number(String(id)) }

    static func ids(_ ids: some Sequence<Int64>) -> RPCValue { .list(ids.map(RPCValue.id)) }

    static func texts(_ texts: some Sequence<String>) -> RPCValue { .list(texts.map(RPCValue.text)) }

    static func date(_ date: BusinessDate) -> RPCValue {
        let (year, month, day) = date.parts
        return ["__class__": "date", "year": .id(Int64(year)), "month": .id(Int64(month)), "day": .id(Int64(day))]
    }

    /// Without a zone, as Tryton keeps its times: UTC.
    static func datetime(_ instant: Instant) -> RPCValue {
        let date = TimeZoneName.utc.date(at: instant)
        let inDay = instant.microseconds - Int64(date.dayNumber) * 86_400_000_000
        let (second, micro) = inDay.quotientAndRemainder(dividingBy: 1_000_000)
        let (year, month, day) = date.parts
        return [
            "__class__": "datetime", "year": .id(Int64(year)), "month": .id(Int64(month)), "day": .id(Int64(day)),
            "hour": .id(second / 3600), "minute": .id(second / 60 % 60), "second": .id(second % 60), "microsecond": .id(micro),
        ]
    }

    static func decimal(_ money: Money) -> RPCValue {
        ["__class__": "Decimal", "decimal": .text(money.description)]
    }

    /// Quantities are floats there, so that a whole number is written with its decimal point.
    static func float(_ quantity: Quantity) -> RPCValue {
        let text = quantity.description
        return .number(text.contains(".") ? text : text + ".0")
    }
}

extension RPCValue {
    var isNull: Bool { self == .null }

    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text)
    }

    /// Stored booleans are 1 and 0 on SQLite and true and false on PostgreSQL.
    var boolean: Bool? {
        switch self {
        case .bool(let value): value
        case .number("1"): true
        case .number("0"): false
        default: nil
        }
    }

    var elements: [RPCValue]? {
        guard case .list(let elements) = self else { return nil }
        return elements
    }

    var members: [String: RPCValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The value as compact JSON, its keys in order.
    var json: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let text): text
        case .text(let text): quoted(text)
        case .list(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
        }
    }
}

private func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}
