/// Numbers with at most six decimals, kept as whole millionths in 64 bits.
///
/// Stored as an integer so that both databases, JSON and every addition agree to the last digit.
/// All arithmetic is checked: what does not fit is the fault `arithmetic.overflow`, never a wrap.
/// `Quantity` and `Money` are the two kinds.
public protocol Decimal6: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The number in millionths.
    var scaled: Int64 { get }
    init(scaled: Int64)
}

extension Decimal6 {
    public static var scale: Int64 { 1_000_000 }
    public static var zero: Self { Self(scaled: 0) }

    /// - Precondition: `whole` is within ±9 million million; literals in code are.
    public init(_ whole: Int) {
        self.init(scaled: Int64(whole) * Self.scale)
    }

    public var isZero: Bool { scaled == 0 }
    public var isNegative: Bool { scaled < 0 }
    public var isPositive: Bool { scaled > 0 }

    public static func < (left: Self, right: Self) -> Bool { left.scaled < right.scaled }

    public static func + (left: Self, right: Self) throws(Fault) -> Self {
        let (sum, overflow) = left.scaled.addingReportingOverflow(right.scaled)
        guard !overflow else { throw .overflow("\(left) + \(right)") }
        return Self(scaled: sum)
    }

    public static func - (left: Self, right: Self) throws(Fault) -> Self {
        let (difference, overflow) = left.scaled.subtractingReportingOverflow(right.scaled)
        guard !overflow else { throw .overflow("\(left) - \(right)") }
        return Self(scaled: difference)
    }

    public static func sum(_ values: some Sequence<Self>) throws(Fault) -> Self {
        var total = Self.zero
        for value in values { total = try total + value }
        return total
    }

    /// This number times an exact ratio.
    ///
    /// - Parameter rounding: how the part beyond the sixth decimal is dealt with.
    public func multiplied(by ratio: Ratio, rounding: Rounding = .halfAwayFromZero) throws(Fault) -> Self {
        let product = scaled.magnitude.multipliedFullWidth(by: ratio.numerator.magnitude)
        guard product.high < ratio.denominator.magnitude else { throw .overflow("\(self) × \(ratio)") }
        let (quotient, remainder) = ratio.denominator.magnitude.dividingFullWidth(product)
        let negative = (scaled < 0) != (ratio.numerator < 0)
        let rounded = rounding.apply(quotient, remainder, ratio.denominator.magnitude, negative: negative)
        guard let magnitude = rounded, magnitude <= UInt64(Int64.max) else { throw .overflow("\(self) × \(ratio)") }
        return Self(scaled: negative ? -Int64(magnitude) : Int64(magnitude))
    }

    /// The nearest number that a planner's computation in floating point stands for.
    ///
    /// - Throws: `arithmetic.overflow` for NaN, infinity and what is out of range.
    public init(rounding value: Double) throws(Fault) {
        let micro = (value * Double(Self.scale)).rounded()
        guard micro.isFinite, micro.magnitude < 9.2e18 else { throw .overflow("\(value)") }
        self.init(scaled: Int64(micro))
    }

    /// This number for computations that do not need to be exact.
    public var double: Double { Double(scaled) / Double(Self.scale) }
}

/// How a division that does not come out even is settled.
public enum Rounding: Sendable {
    case halfAwayFromZero
    case up
    case down

    /// - Parameter negative: whether the result stands for a negative number; up and down are towards
    ///   plus and minus infinity.
    func apply(_ quotient: UInt64, _ remainder: UInt64, _ divisor: UInt64, negative: Bool) -> UInt64? {
        let away =
            switch self {
            case .halfAwayFromZero: remainder >= divisor - remainder && remainder > 0
            case .up: remainder > 0 && !negative
            case .down: remainder > 0 && negative
            }
        guard away else { return quotient }
        let (result, overflow) = quotient.addingReportingOverflow(1)
        return overflow ? nil : result
    }
}
