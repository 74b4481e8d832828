/// Logarithm and exponential of eight numbers at once, to about 1e-13 of the value.
///
/// The compiler's own are called one lane at a time and would be most of the work of studying a short history.
enum LaneMath {
    private typealias Bits = SIMD8<UInt64>
    private static let logarithmOfTwo = 0.693147180559945309417232121458
    /// Adding 2^52 writes a small whole number into the lowest bits of a Double, and taking it away reads it back.
    private static let wholes = 4_503_599_627_370_496.0

    /// - Parameter values: positive and not subnormal.
    static func logarithm(_ values: Lanes) -> Lanes {
        let bits = unsafeBitCast(values, to: Bits.self)
        // The mantissa is moved into 0.75 ..< 1.5, where the series is short.
        let shifted = bits &- Bits(repeating: 0x3FE8_0000_0000_0000)
        let exponents = (shifted &+ Bits(repeating: 0x4000_0000_0000_0000)) &>> 52
        let power =
            unsafeBitCast(exponents | Bits(repeating: 0x4330_0000_0000_0000), to: Lanes.self) - Lanes(repeating: wholes + 1024)
        let mantissa = unsafeBitCast(
            (shifted & Bits(repeating: 0x000F_FFFF_FFFF_FFFF)) &+ Bits(repeating: 0x3FE8_0000_0000_0000), to: Lanes.self)
        let ratio = (mantissa - .one) / (mantissa + .one)
        let square = ratio * ratio
        var series = Lanes(repeating: 1.0 / 19)
        for denominator in stride(from: 17.0, through: 1, by: -2) { series = series * square + Lanes(repeating: 1 / denominator) }
        return power * Lanes(repeating: logarithmOfTwo) + Lanes(repeating: 2) * ratio * series
    }

    /// - Parameter values: held within -700 ... 700.
    static func exponential(_ values: Lanes) -> Lanes {
        let held = values.held(Lanes(repeating: -700), Lanes(repeating: 700))
        let offset = Lanes(repeating: 1.5 * wholes)
        let rounded = held * Lanes(repeating: 1 / logarithmOfTwo) + offset
        let power = rounded - offset
        let rest = held - power * Lanes(repeating: logarithmOfTwo)
        var series = Lanes.one
        for factor in stride(from: 13.0, through: 1, by: -1) { series = series * rest * Lanes(repeating: 1 / factor) + .one }
        let scale = (unsafeBitCast(rounded, to: Bits.self) &+ Bits(repeating: 1023)) &<< 52
        return series * unsafeBitCast(scale, to: Lanes.self)
    }
}
