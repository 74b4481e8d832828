import Synchronization
import Vocabulary

/// A clock that stands still until the test moves it; waiting on it moves it too, and takes no time.
package final class TestClock: Sendable {
    /// 2026-03-02T08:00:00Z, a Monday.
    package static let start = Instant(microseconds: 1_772_438_400_000_000)

    private let time: Mutex<Instant>

    package init(_ now: Instant = TestClock.start) {
        time = Mutex(now)
    }

    package var now: Instant {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }

    package func advance(by duration: Duration) {
        time.withLock { $0 = $0 + duration }
    }

    /// The clock as the code under test receives it.
    package var wallClock: WallClock {
        WallClock { [self] in
            now
        } pause: { [self] duration in
            try Task.checkCancellation()
            advance(by: duration)
            await Task.yield()
        }
    }
}
