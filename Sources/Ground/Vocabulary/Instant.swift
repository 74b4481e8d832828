/// A moment, in microseconds of UTC since 1970-01-01.
public struct Instant: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static let epoch = Instant(microseconds: 0)
    /// Later than everything: a lapse that never comes.
    public static let distantFuture = Instant(microseconds: 253_402_300_799_000_000)

    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    public static func + (instant: Self, duration: Duration) -> Self {
        Instant(microseconds: instant.microseconds &+ duration.microseconds)
    }

    public static func - (instant: Self, duration: Duration) -> Self {
        Instant(microseconds: instant.microseconds &- duration.microseconds)
    }

    public static func - (later: Self, earlier: Self) -> Duration {
        .microseconds(later.microseconds - earlier.microseconds)
    }
}

extension Duration {
    /// Whole microseconds; what is finer is cut off.
    public var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    public var inSeconds: Double { Double(microseconds) / 1_000_000 }

    public static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
    public static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC: `2026-11-23T20:36:00Z`, with as many decimals as are needed.
    public var description: String { text(of: append) }

    /// Its text without quotes, in bytes.
    func append(to bytes: inout [UInt8]) {
        let (day, inDay) = microseconds.flooredQuotientAndRemainder(dividingBy: 86_400_000_000)
        BusinessDate(dayNumber: Int32(clamping: day)).append(to: &bytes)
        let (second, micro) = inDay.quotientAndRemainder(dividingBy: 1_000_000)
        for (mark, number) in [("T", second / 3600), (":", second / 60 % 60), (":", second % 60)] as [(Unicode.Scalar, Int64)] {
            bytes.append(UInt8(ascii: mark))
            appendDigits(of: number, atLeast: 2, to: &bytes)
        }
        appendFraction(micro.magnitude, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads RFC 3339 with `Z` or an offset; decimals beyond the sixth are cut off.
    ///
    /// - Throws: `input.invalid` naming `field`.
    public init(parsing text: String, field: String) throws(Fault) {
        guard let instant = Instant(rfc3339: text) else {
            throw .invalid(field, found: text, expected: "an RFC 3339 instant such as 2026-11-23T20:36:00Z")
        }
        self = instant
    }

    private init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let date = BusinessDate(text: String(text.prefix(10))),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            hour < 24, minute < 60, second < 61
        else { return nil }
        var position = 19
        var micro: Int64 = 0
        if bytes[position] == UInt8(ascii: ".") {
            position += 1
            var weight: Int64 = 100_000
            let start = position
            while position < bytes.count, let digit = number(bytes[position...position]) {
                micro += digit * weight
                weight /= 10
                position += 1
            }
            guard position > start else { return nil }
        }
        guard let offset = offsetSeconds(bytes[position...]) else { return nil }
        let seconds = Int64(date.dayNumber) * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: seconds * 1_000_000 + micro)
    }
}

private func offsetSeconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    if bytes.count == 1, bytes.first == UInt8(ascii: "Z") || bytes.first == UInt8(ascii: "z") { return 0 }
    let zone = Array(bytes)
    guard zone.count == 6, zone[3] == UInt8(ascii: ":"), zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
        let hours = number(zone[1..<3]), let minutes = number(zone[4..<6]), hours < 24, minutes < 60
    else { return nil }
    return (zone[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
}

func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in bytes {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return bytes.isEmpty ? nil : value
}

extension BinaryInteger {
    func flooredQuotientAndRemainder(dividingBy divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Instant: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let instant = Instant(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "an RFC 3339 instant such as 2026-11-23T20:36:00Z"))
        }
        self = instant
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
