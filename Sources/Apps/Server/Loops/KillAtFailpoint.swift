import Foundation
import Replenishment
import Synchronization

/// For fault tests: `PLIMSOLL_FAILPOINT=afterReply:3` ends the process at once, as `kill -9` does, when it gets there the third
/// time.
package func failpoints(_ environment: [String: String]) -> Failpoints {
    let parts = (environment["PLIMSOLL_FAILPOINT"] ?? "").split(separator: ":")
    guard let name = parts.first, let place = Failpoints.Place(rawValue: String(name)) else { return .none }
    let countdown = Countdown(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    return Failpoints { reached in
        if reached == place, countdown.reachesZero() { kill(getpid(), SIGKILL) }
    }
}

private final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) {
        left = Mutex(count)
    }

    func reachesZero() -> Bool {
        left.withLock { left in
            left -= 1
            return left == 0
        }
    }
}
