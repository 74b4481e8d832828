import Synchronization

/// Where chance comes from: jitter and new identifiers.
///
/// Passed in everywhere, so that a seed repeats a run exactly.
public struct Randomness: Sendable {
    /// 64 random bits.
    public let next: @Sendable () -> UInt64

    public init(next: @escaping @Sendable () -> UInt64) {
        self.next = next
    }

    /// A repeatable source (SplitMix64; Steele, Lea and Flood 2014).
    public static func seeded(_ seed: UInt64) -> Randomness {
        let state = SplitMix64(seed)
        return Randomness { state.next() }
    }

    /// A number in `0 ..< 1`.
    public func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// An identifier that sorts by the time of its making: 48 bits of milliseconds and 80 random ones,
    /// written as an RFC 9562 UUID of version 7.
    public func identifier(at now: Instant) -> String {
        let milliseconds = UInt64(clamping: now.microseconds / 1000) & 0xffff_ffff_ffff
        let high = milliseconds << 16 | 0x7000 | next() & 0x0fff
        let low = 0x8000_0000_0000_0000 | next() >> 2
        return text { bytes in
            for (index, byte) in (bigEndian(high) + bigEndian(low)).enumerated() {
                if [4, 6, 8, 10].contains(index) { bytes.append(UInt8(ascii: "-")) }
                appendHexadecimal(byte, to: &bytes)
            }
        }
    }
}

private final class SplitMix64: Sendable {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) {
        state = Mutex(seed)
    }

    func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}

private func bigEndian(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}
