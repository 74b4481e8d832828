/// An exact fraction of two whole numbers, such as 1 case = 12/1 pieces.
///
/// Kept in lowest terms with a positive denominator, so that equal ratios are equal values.
public struct Ratio: Hashable, Sendable, CustomStringConvertible {
    public let numerator: Int64
    public let denominator: Int64

    public static let one = Ratio(whole: 1)

    public init(whole: Int64) {
        numerator = whole
        denominator = 1
    }

    /// - Throws: `input.invalid` when `denominator` is zero, `arithmetic.overflow` for Int64.min.
    public init(_ numerator: Int64, _ denominator: Int64, field: String = "ratio") throws(Fault) {
        guard denominator != 0 else {
            throw .invalid(field, found: "\(numerator)/0", expected: "a denominator other than zero")
        }
        guard numerator != .min, denominator != .min else { throw .overflow("\(numerator)/\(denominator)") }
        let divisor = greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        let sign: Int64 = denominator < 0 ? -1 : 1
        self.numerator = sign * numerator / Int64(divisor)
        self.denominator = sign * denominator / Int64(divisor)
    }

    /// A factor that a system gives as a decimal: `0.45359237` has up to nine decimals here.
    public init(parsing text: String, field: String) throws(Fault) {
        let expected = "a fraction such as 12 or 5/2, or a decimal with at most nine decimals"
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        if sides.count == 2, let numerator = Int64(sides[0]), let denominator = Int64(sides[1]) {
            try self.init(numerator, denominator, field: field)
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard sides.count == 1, (1...2).contains(parts.count), parts.count == 1 || parts[1].count <= 9 else {
            throw .invalid(field, found: text, expected: expected)
        }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard let whole = Int64(String(parts[0]) + decimals), decimals.allSatisfy(\.isNumber) else {
            throw .invalid(field, found: text, expected: expected)
        }
        let power = (0..<decimals.count).reduce(Int64(1)) { value, _ in value * 10 }
        try self.init(whole, power, field: field)
    }

    public var inverse: Ratio {
        get throws(Fault) { try Ratio(denominator, numerator) }
    }

    public static func * (left: Ratio, right: Ratio) throws(Fault) -> Ratio {
        // Reducing crosswise first keeps the products as small as they can be.
        let first = try Ratio(left.numerator, right.denominator)
        let second = try Ratio(right.numerator, left.denominator)
        let (numerator, over) = first.numerator.multipliedReportingOverflow(by: second.numerator)
        let (denominator, under) = first.denominator.multipliedReportingOverflow(by: second.denominator)
        guard !over, !under else { throw .overflow("\(left) × \(right)") }
        return try Ratio(numerator, denominator)
    }

    public var double: Double { Double(numerator) / Double(denominator) }

    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}

extension Ratio: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(parsing: try container.decode(String.self), field: container.codingPath.fieldName)
        } catch let fault as Fault {
            throw DecodingError.dataCorrupted(.init(codingPath: container.codingPath, debugDescription: fault.message))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
}
