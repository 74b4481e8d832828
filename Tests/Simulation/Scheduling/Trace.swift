import Synchronization
import Vocabulary

/// All that happened in a world, as one number, and in words for whoever wants to read them.
package final class Trace: Sendable {
    private struct State {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var lines: [String] = []
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let keepsLines: Bool

    package init(keepingLines: Bool) {
        keepsLines = keepingLines
    }

    package var hash: UInt64 { state.withLock { $0.hash } }
    package var lines: [String] { state.withLock { $0.lines } }
    package var counts: [String: Int] { state.withLock { $0.counts } }

    /// Adds a number (FNV-1a).
    package func mix(_ number: UInt64) {
        state.withLock { mix(number, into: &$0) }
    }

    package func say(_ text: String, at instant: Instant) {
        state.withLock { state in
            mix(UInt64(bitPattern: instant.microseconds), into: &state)
            for byte in text.utf8 { mix(UInt64(byte), into: &state) }
            if keepsLines { state.lines.append("\(instant) \(text)") }
        }
    }

    /// Counts that something of a kind happened.
    package func count(_ kind: String) {
        state.withLock { $0.counts[kind, default: 0] += 1 }
    }

    private func mix(_ number: UInt64, into state: inout State) {
        state.hash = (state.hash ^ number) &* 0x0000_0100_0000_01b3
    }
}
