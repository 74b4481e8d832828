import Vocabulary

/// The skeleton of a JSON text: its keys and where its values stand.
///
/// Read before anything is decoded, because a decoder would take the last of two equal keys, follow any nesting
/// and pass over what it does not know.
package indirect enum JSONShape: Sendable {
    case object([String: JSONShape])
    /// With the place of each element in the text.
    case list([(shape: JSONShape, bytes: Range<Int>)])
    case null
    case scalar

    /// - Throws: `gateway.malformedBody` with the byte at which the trouble is.
    package init(reading text: [UInt8], nesting: Int) throws(Fault) {
        guard String(validating: text, as: UTF8.self) != nil else { throw .malformedBody("UTF-8 text") }
        var scanner = JSONScanner(text, nesting: nesting)
        self = try scanner.whole()
    }

    /// Nothing that could have been meant: null and empty lists and objects.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .object(let members): members.values.allSatisfy(\.isEmpty)
        case .list(let elements): elements.isEmpty
        case .scalar: false
        }
    }
}

/// Reads RFC 8259 from left to right.
struct JSONScanner {
    private let text: [UInt8]
    private let nesting: Int
    private var position = 0

    init(_ text: [UInt8], nesting: Int) {
        self.text = text
        self.nesting = nesting
    }

    mutating func whole() throws(Fault) -> JSONShape {
        skipSpace()
        let shape = try value(depth: 0)
        skipSpace()
        guard position == text.count else { throw fault("the end of the body") }
        return shape
    }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private func fault(_ expected: String) -> Fault {
        let found = current.map { String(decoding: [$0], as: UTF8.self) }
        return .malformedBody(expected, found: found, at: position + 1)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard current == byte.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONShape {
        guard depth <= nesting else { throw fault("at most \(nesting) objects and lists within each other") }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""):
            try skipString()
            return .scalar
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "t"): return try word("true", .scalar)
        case UInt8(ascii: "f"): return try word("false", .scalar)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONShape {
        position += 1
        var members: [String: JSONShape] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw fault("a key in double quotes") }
            try skipString()
            let key = try JSON.decode(String.self, from: text[start..<position])
            skipSpace()
            guard take(":") else { throw fault("a colon") }
            skipSpace()
            let shape = try value(depth: depth + 1)
            guard members.updateValue(shape, forKey: key) == nil else {
                throw .malformedBody("each key once", found: key, at: start + 1, field: key)
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("a comma or a closing brace") }
        }
    }

    private mutating func list(depth: Int) throws(Fault) -> JSONShape {
        position += 1
        var elements: [(shape: JSONShape, bytes: Range<Int>)] = []
        skipSpace()
        if take("]") { return .list(elements) }
        while true {
            skipSpace()
            let start = position
            let shape = try value(depth: depth + 1)
            elements.append((shape, start..<position))
            skipSpace()
            if take("]") { return .list(elements) }
            guard take(",") else { throw fault("a comma or a closing bracket") }
        }
    }

    private mutating func skipString() throws(Fault) {
        position += 1
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): position += 1
            case 0..<0x20:
                position -= 1
                throw fault("no control characters in a string")
            default: continue
            }
        }
        throw fault("a closing double quote")
    }

    private mutating func word(_ word: String, _ shape: JSONShape) throws(Fault) -> JSONShape {
        guard text[position...].starts(with: word.utf8) else { throw fault(word) }
        position += word.utf8.count
        return shape
    }

    private mutating func number() throws(Fault) -> JSONShape {
        let start = position
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        _ = take("-")
        let first = position
        while let byte = current, digits.contains(byte) { position += 1 }
        guard position > first, text[first] != UInt8(ascii: "0") || position == first + 1 else {
            position = start
            throw fault("a value")
        }
        if take(".") { try skipDigits(digits) }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try skipDigits(digits)
        }
        return .scalar
    }

    private mutating func skipDigits(_ digits: ClosedRange<UInt8>) throws(Fault) {
        let start = position
        while let byte = current, digits.contains(byte) { position += 1 }
        guard position > start else { throw fault("a digit") }
    }
}
