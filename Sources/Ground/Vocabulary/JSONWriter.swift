/// A value that writes its own canonical JSON, in the bytes that an encoder gives it.
///
/// For what is written thousands of times a second: an encoder costs many times as much.
public protocol JSONWritable: Encodable {
    func write(to json: inout JSONWriter)
}

/// Canonical JSON on its way into bytes.
public struct JSONWriter {
    private var bytes: [UInt8] = []
    private var last = ""
    /// Set by a number that JSON has no digits for.
    private var isBroken = false

    init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    /// - Throws: `plimsoll.defect` for a NaN or an infinity that should never have been.
    var text: String {
        get throws(Fault) {
            guard !isBroken else { throw .defect("A number that is none cannot be written as JSON.") }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// - Parameter fields: adds the fields in the order of their names' bytes, each once.
    public mutating func object(_ fields: (inout Self) throws -> Void) rethrows {
        let outer = last
        last = ""
        bytes.append(UInt8(ascii: "{"))
        try fields(&self)
        bytes.append(UInt8(ascii: "}"))
        last = outer
    }

    public mutating func add(_ name: StaticString, _ value: some JSONWritable) {
        begin(name)
        value.write(to: &self)
    }

    /// Adds a field; nil leaves it out.
    public mutating func add(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        add(name, value)
    }

    /// Adds an object within this one.
    public mutating func add(_ name: StaticString, _ fields: (inout Self) throws -> Void) rethrows {
        begin(name)
        try object(fields)
    }

    private mutating func begin(_ name: StaticString) {
        assert(follows("\(name)"), "\(name) comes before \(last)")
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func follows(_ name: String) -> Bool {
        defer { last = name }
        return last.utf8.lexicographicallyPrecedes(name.utf8)
    }

    public mutating func array(_ elements: some Sequence<some JSONWritable>) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            element.write(to: &self)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// An object whose names are data.
    mutating func dictionary(_ entries: [String: some JSONWritable]) {
        bytes.append(UInt8(ascii: "{"))
        for (name, value) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
            write(name)
            bytes.append(UInt8(ascii: ":"))
            value.write(to: &self)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Text between quotes, copied in runs: nearly all needs no escape.
    mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            for (index, byte) in utf8.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: utf8[start..<index])
                escape(byte)
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x08: bytes += Array(#"\b"#.utf8)
        case 0x09: bytes += Array(#"\t"#.utf8)
        case 0x0a: bytes += Array(#"\n"#.utf8)
        case 0x0c: bytes += Array(#"\f"#.utf8)
        case 0x0d: bytes += Array(#"\r"#.utf8)
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    mutating func write(_ number: Int64) { appendDigits(of: number, to: &bytes) }

    mutating func write(_ number: Double) {
        guard number.isFinite else { return isBroken = true }
        // Whole numbers are most; minus zero keeps its sign.
        if number.magnitude < 1e15, let whole = Int64(exactly: number), whole != 0 || number.sign == .plus {
            return write(whole)
        }
        let text = number.description
        bytes.append(contentsOf: text.utf8.dropLast(text.hasSuffix(".0") ? 2 : 0))
    }

    mutating func write(_ flag: Bool) { bytes.append(contentsOf: (flag ? "true" : "false").utf8) }

    /// Writes plain ASCII between quotes.
    mutating func quoted(_ append: (inout [UInt8]) -> Void) {
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSON {
    /// The exact text that is hashed and stored, of a value that writes it itself.
    ///
    /// - Throws: `plimsoll.defect` when a value of ours cannot be written (a NaN that should never have been).
    public static func text(of value: some JSONWritable) throws(Fault) -> String {
        var writer = JSONWriter()
        value.write(to: &writer)
        return try writer.text
    }

    /// An object that no type stands for.
    ///
    /// - Parameter fields: adds the fields in the order of their names' bytes, each once.
    public static func object(_ fields: (inout JSONWriter) throws -> Void) throws -> String {
        var writer = JSONWriter(capacity: 256)
        try writer.object(fields)
        return try writer.text
    }
}

/// The digits of an integer: `description` costs more than the rest of what is written around it.
func appendDigits(of number: Int64, atLeast width: Int = 1, to bytes: inout [UInt8]) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(of: number.magnitude, atLeast: width, to: &bytes)
}

func appendDigits(of number: UInt64, atLeast width: Int = 1, to bytes: inout [UInt8]) {
    var (power, count) = (UInt64(1), 1)
    while count < 20, number / power >= 10 {
        power *= 10
        count += 1
    }
    for _ in 0..<max(0, width - count) { bytes.append(UInt8(ascii: "0")) }
    var rest = number
    for _ in 0..<count {
        let (digit, remainder) = rest.quotientAndRemainder(dividingBy: power)
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        rest = remainder
        power /= 10
    }
}
