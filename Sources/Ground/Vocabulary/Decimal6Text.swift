/// Decimals are written the way people write them in files and JSON: `12`, `-0.5`, `1234.567891`.
extension Decimal6 {
    /// Reads a decimal exactly.
    ///
    /// - Throws: `input.invalid` naming `field` for anything but digits with an optional sign and decimal
    ///   point, for more than six decimals (trailing zeros do not count) and for what is out of range.
    public init(parsing text: some StringProtocol, field: String) throws(Fault) {
        switch parseDecimal6(text.utf8) {
        case .number(let scaled): self.init(scaled: scaled)
        case .notANumber: throw .invalid(field, found: String(text), expected: "a decimal number such as 12.5")
        case .tooPrecise: throw .invalid(field, found: String(text), expected: "at most six decimals")
        case .outOfRange: throw .invalid(field, found: String(text), expected: "a number within ±9,223,372,036,854")
        }
    }

    public var description: String { text(of: append) }

    /// Its text without quotes, in bytes.
    func append(to bytes: inout [UInt8]) {
        let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(of: whole, to: &bytes)
        appendFraction(fraction, to: &bytes)
    }

    /// Accepts `"12.5"` and `12.5`; writes the string, which no reader turns into a binary fraction.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text: String
        if let string = try? container.decode(String.self) {
            text = string
        } else {
            text = try container.decode(ExactNumber.self).text
        }
        do {
            try self.init(parsing: text, field: container.codingPath.fieldName)
        } catch {
            let complaint = error.violations.first?.expected ?? error.message
            throw DecodingError.dataCorrupted(.init(codingPath: container.codingPath, debugDescription: complaint))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A point and as many of six decimals as are needed; nothing for a whole number.
func appendFraction(_ millionths: UInt64, to bytes: inout [UInt8]) {
    guard millionths > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    appendDigits(of: millionths, atLeast: 6, to: &bytes)
    while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
}

func text(of append: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    append(&bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// What a decimal's text turned out to be.
public enum DecimalReading: Hashable, Sendable {
    case number(scaled: Int64)
    case notANumber
    case tooPrecise
    case outOfRange
}

/// Reads a decimal from bytes without making a string; the bulk readers' way in.
///
/// Inlinable because it runs ten times slower when it is not specialised for the bytes' type.
@inlinable
public func parseDecimal6(_ bytes: some Collection<UInt8>) -> DecimalReading {
    var rest = bytes[...]
    let negative = rest.first == UInt8(ascii: "-")
    if negative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    var magnitude: UInt64 = 0
    var decimals = -1
    var digits = 0
    for byte in rest {
        if byte == UInt8(ascii: ".") {
            guard decimals < 0 else { return .notANumber }
            decimals = 0
            continue
        }
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return .notANumber }
        digits += 1
        let digit = UInt64(byte - UInt8(ascii: "0"))
        if decimals >= 6 {
            guard digit == 0 else { return .tooPrecise }
            continue
        }
        if decimals >= 0 { decimals += 1 }
        guard append(digit, to: &magnitude) else { return .outOfRange }
    }
    guard digits > 0 else { return .notANumber }
    for _ in max(decimals, 0)..<6 {
        guard append(0, to: &magnitude) else { return .outOfRange }
    }
    guard magnitude <= UInt64(Int64.max) else { return .outOfRange }
    return .number(scaled: negative ? -Int64(magnitude) : Int64(magnitude))
}

@inlinable
func append(_ digit: UInt64, to magnitude: inout UInt64) -> Bool {
    let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
    guard !overflow else { return false }
    let (sum, carried) = tens.addingReportingOverflow(digit)
    magnitude = sum
    return !carried
}
