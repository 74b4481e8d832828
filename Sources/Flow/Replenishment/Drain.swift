import Synchronization
import Vocabulary

/// The end of a process that was told to stop: nothing new is begun, and what is under way has a little time left.
package final class Drain: Sendable {
    private let span = Mutex<(begin: Instant, end: Instant)?>(nil)

    package init() {}

    /// - Parameter time: how long calls under way are waited for.
    package func begin(at now: Instant, lasting time: Duration) {
        span.withLock { span in span = span ?? (now, now + time) }
    }

    /// When the process was told to stop; nil while it goes on.
    package var began: Instant? { span.withLock { $0?.begin } }

    /// Whether the time that was left is over.
    package func isOver(at now: Instant) -> Bool { span.withLock { $0.map { $0.end <= now } ?? false } }
}

extension FlowServices {
    /// Does `work`, and answers `late` instead when that takes longer than `time` or the process has no time left.
    func within<Answer: Sendable>(
        _ time: Duration, otherwise late: @escaping @Sendable () -> Answer, _ work: @escaping @Sendable () async -> Answer
    ) async -> Answer {
        await withTaskGroup(of: Answer?.self) { group in
            group.addTask { await work() }
            group.addTask {
                do { try await outlast(time) } catch { return nil }
                return late()
            }
            var answer: Answer?
            while answer == nil, let ended = await group.next() { answer = ended }
            group.cancelAll()
            return answer ?? late()
        }
    }

    /// Looks every second whether the process still has time.
    private func outlast(_ time: Duration) async throws {
        let end = clock.now() + time
        while true {
            let now = clock.now()
            guard now < end, !drain.isOver(at: now) else { return }
            try await clock.pause(min(end - now, .seconds(1)))
        }
    }
}
