/// A JSON object written field by field, in the bytes that `JSON.text` would give it.
///
/// For what is written thousands of times a second and has few fields: an encoder costs many times as much.
public struct JSONObjectText {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var last = ""

    public init() {}

    /// The object with the fields that were added so far.
    public var text: String { String(decoding: bytes + [UInt8(ascii: "}")], as: UTF8.self) }

    /// Adds a text; nil leaves the field out.
    ///
    /// - Precondition: names come in the order of their bytes, each once.
    public mutating func add(_ name: String, _ text: String?) {
        guard let text else { return }
        begin(name)
        appendQuoted(text)
    }

    public mutating func add(_ name: String, _ number: Int64?) {
        guard let number else { return }
        begin(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Adds a value that is written as JSON already.
    public mutating func add(_ name: String, json: String?) {
        guard let json else { return }
        begin(name)
        bytes.append(contentsOf: json.utf8)
    }

    private mutating func begin(_ name: String) {
        assert(last.utf8.lexicographicallyPrecedes(name.utf8), "\(name) comes before \(last)")
        last = name
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += Array(#"\b"#.utf8)
            case 0x09: bytes += Array(#"\t"#.utf8)
            case 0x0a: bytes += Array(#"\n"#.utf8)
            case 0x0c: bytes += Array(#"\f"#.utf8)
            case 0x0d: bytes += Array(#"\r"#.utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
