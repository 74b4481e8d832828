import Synchronization
import Vocabulary

/// One task that waits for something, and is told once.
final class Waiting<Value: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Value, Never>)
        case told(Value)
        case over
    }

    private let state = Mutex(State.new)

    func tell(_ value: Value) {
        let waiting: CheckedContinuation<Value, Never>? = state.withLock { state in
            switch state {
            case .new:
                state = .told(value)
                return nil
            case .waiting(let continuation):
                state = .over
                return continuation
            case .told, .over: return nil
            }
        }
        waiting?.resume(returning: value)
    }

    /// The value; `cancelled` when the task is cancelled first.
    func value(whenCancelled cancelled: Value) async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let told: Value? = state.withLock { state in
                    guard case .told(let value) = state else {
                        state = .waiting(continuation)
                        return nil
                    }
                    state = .over
                    return value
                }
                if let told { continuation.resume(returning: told) }
            }
        } onCancel: {
            tell(cancelled)
        }
    }
}

extension Scheduler {
    /// Suspends for so long of the world's time.
    package func pause(_ duration: Duration) async throws {
        let waiting = Waiting<Bool>()
        let alarm = at(now + duration) { waiting.tell(true) }
        guard await waiting.value(whenCancelled: false) else {
            forget(alarm)
            throw CancellationError()
        }
    }
}
