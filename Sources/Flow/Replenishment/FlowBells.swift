import Synchronization
import Vocabulary

/// What wakes the stages of a process: each is rung after the commit that gives the stage something to do.
///
/// A bell is only ever a hint. Who waits looks again after a while in any case, and so finds what other processes left.
package final class FlowBells: Sendable {
    /// What a commit may have given something to do, in whatever process.
    package enum Stage: String, Sendable, CaseIterable {
        case decisions, dispatch
    }

    package let decisions = Bell()
    package let dispatch = Bell()
    /// Rung when there is something to tell other processes.
    package let abroad = Bell()
    private let untold = Mutex<Set<Stage>>([])

    package init() {}

    package subscript(stage: Stage) -> Bell {
        switch stage {
        case .decisions: decisions
        case .dispatch: dispatch
        }
    }

    /// Wakes a stage in this process or, when it is busy and there is a way to tell them, in the others: any of them may do the
    /// work, and one is enough.
    package func announce(_ stage: Stage) {
        guard !self[stage].ring(), untold.withLock({ $0.insert(stage).inserted }) else { return }
        abroad.ring()
    }

    /// What was announced since this was last asked.
    package func takeUntold() -> Set<Stage> {
        untold.withLock { untold in
            defer { untold = [] }
            return untold
        }
    }
}

/// Rung by some, waited for by others; a ring that nobody waits for is kept for the next who does.
package final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiting: [(number: UInt64, task: CheckedContinuation<Void, Never>)] = []
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// - Returns: whether anybody was waiting, and is awake now.
    @discardableResult
    package func ring() -> Bool {
        let waiting = state.withLock { state in
            state.isRung = state.waiting.isEmpty
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.task.resume() }
        return !waiting.isEmpty
    }

    /// Returns when the bell is rung, after `pause`, or when the task is cancelled.
    package func wait(atMost pause: Duration, by clock: WallClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.ringing() }
            group.addTask { try? await clock.pause(pause) }
            await group.next()
            group.cancelAll()
        }
    }

    private func ringing() async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiting.append((number, continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            stopWaiting(number)?.resume()
        }
    }

    private func stopWaiting(_ number: UInt64) -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting.remove(at: index).task
        }
    }
}
