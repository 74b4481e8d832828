import Foundation
import Vocabulary

extension WallClock {
    /// The machine's clock: the one place in the program where real time comes in.
    package static let system = WallClock {
        Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
    } pause: { duration in
        try await Task.sleep(for: duration)
    }
}

/// The time since this process began, by a clock that nobody can set.
let uptime: @Sendable () -> Duration = {
    let (clock, start) = (ContinuousClock(), ContinuousClock().now)
    return { clock.now - start }
}()

extension Randomness {
    /// The operating system's randomness.
    package static let system = Randomness {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
