import Vocabulary

extension RPCValue {
    /// Reads JSON.
    ///
    /// - Throws: `input.invalid` naming the byte at which the text stops being JSON.
    init(json bytes: [UInt8]) throws(Fault) {
        var reading = RPCReading(bytes: bytes)
        self = try reading.value(depth: 0)
        reading.skipSpace()
        guard reading.position == bytes.count else { throw reading.complaint("the end") }
    }
}

/// A reader of JSON that leaves numbers as text.
private struct RPCReading {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    func complaint(_ expected: String) -> Fault {
        let rest = String(decoding: bytes.dropFirst(position).prefix(40), as: UTF8.self)
        return .invalid("body", found: rest, expected: "JSON with \(expected) at byte \(position)")
    }

    mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[position]) { position += 1 }
    }

    mutating func value(depth: Int) throws(Fault) -> RPCValue {
        guard depth < 100 else { throw complaint("at most 100 levels") }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try list(depth)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: StaticString, _ value: RPCValue) throws(Fault) -> RPCValue {
        let expected = Array("\(text)".utf8)
        guard bytes[position...].starts(with: expected) else { throw complaint("\(text)") }
        position += expected.count
        return value
    }

    private mutating func number() throws(Fault) -> RPCValue {
        let start = position
        while position < bytes.count, isNumeric(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard Double(text) != nil else { throw complaint("a value") }
        return .number(text)
    }

    private func isNumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x2b || byte == 0x2e || byte == 0x45 || byte == 0x65
    }

    private mutating func list(_ depth: Int) throws(Fault) -> RPCValue {
        position += 1
        var elements: [RPCValue] = []
        skipSpace()
        if byte == UInt8(ascii: "]") {
            position += 1
            return .list(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            guard try another(closing: UInt8(ascii: "]")) else { return .list(elements) }
        }
    }

    private mutating func object(_ depth: Int) throws(Fault) -> RPCValue {
        position += 1
        var members: [String: RPCValue] = [:]
        skipSpace()
        if byte == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            guard byte == UInt8(ascii: ":") else { throw complaint("a colon") }
            position += 1
            members[key] = try value(depth: depth + 1)
            guard try another(closing: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    private mutating func another(closing end: UInt8) throws(Fault) -> Bool {
        skipSpace()
        guard byte == UInt8(ascii: ",") || byte == end else { throw complaint("a comma or the end of the list") }
        let more = byte != end
        position += 1
        return more
    }

    private mutating func string() throws(Fault) -> String {
        guard byte == UInt8(ascii: "\"") else { throw complaint("a string") }
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let next = bytes[position]
            position += 1
            if next == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if next == UInt8(ascii: "\\") {
                text.append(contentsOf: try escaped().utf8)
            } else {
                text.append(next)
            }
        }
        throw complaint("the end of a string")
    }

    private mutating func escaped() throws(Fault) -> String {
        let next = byte
        position += 1
        switch next {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return try codePoint()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(next))
        default: throw complaint("an escape")
        }
    }

    /// One `\uXXXX`, or two that are a surrogate pair.
    private mutating func codePoint() throws(Fault) -> String {
        let first = try hexadecimalUnit()
        var units = [first]
        if (0xd800..<0xdc00).contains(first), byte == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            units.append(try hexadecimalUnit())
        }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func hexadecimalUnit() throws(Fault) -> UInt16 {
        guard position + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw complaint("four hexadecimal digits") }
        position += 4
        return unit
    }
}
