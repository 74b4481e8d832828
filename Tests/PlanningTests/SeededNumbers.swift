import Foundation

/// Reproducible random numbers. SplitMix64: Steele, Lea, Flood (2014), OOPSLA.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    mutating func unit() -> Double { (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992 }

    /// Standard normal, by Box and Muller.
    mutating func normal() -> Double { (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit()) }

    /// Poisson, by counting exponential gaps; for small means.
    mutating func poisson(_ mean: Double) -> Double {
        var events = 0.0
        var time = -log(unit())
        while time < mean {
            events += 1
            time -= log(unit())
        }
        return events
    }
}
