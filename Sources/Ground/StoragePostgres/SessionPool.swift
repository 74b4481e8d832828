import Storage
import Synchronization
import Vocabulary

/// A bounded number of sessions, given out in the order of asking.
final class SessionPool: Sendable {
    private struct State {
        var idle: [PostgresSession] = []
        var lent = 0
        var waiting: [Turn] = []
        var isClosed = false
        var closing: Turn?
    }

    private let state = Mutex(State())
    private let bound: Int
    private let patience: Duration
    private let make: @Sendable () -> PostgresSession

    init(bound: Int, patience: Duration, make: @escaping @Sendable () -> PostgresSession) {
        self.bound = bound
        self.patience = patience
        self.make = make
    }

    func withSession<Value>(_ work: (PostgresSession) async throws -> Value) async throws -> Value {
        let session = try await borrow()
        defer { giveBack(session) }
        return try await work(session)
    }

    private enum Answer {
        case session(PostgresSession)
        case wait(Turn)
    }

    private func borrow() async throws -> PostgresSession {
        try Task.checkCancellation()
        let answer: Answer = try state.withLock { state in
            if state.isClosed { throw Fault.storageUnavailable("it is closed.") }
            if let session = state.idle.popLast() {  // The last one used has the warmest statement cache.
                state.lent += 1
                return .session(session)
            }
            if state.lent < bound {
                state.lent += 1
                return .session(make())
            }
            let turn = Turn()
            state.waiting.append(turn)
            return .wait(turn)
        }
        switch answer {
        case .session(let session): return session
        case .wait(let turn): return try await wait(for: turn)
        }
    }

    private func wait(for turn: Turn) async throws -> PostgresSession {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { [self] in
                do {
                    try await Task.sleep(for: patience)
                    turn.settle(
                        .failure(
                            Fault.storageUnavailable("all \(bound) connections were busy for \(patience.inSeconds) s.")))
                } catch {
                    turn.settle(.failure(error))
                }
                state.withLock { state in state.waiting.removeAll { $0 === turn } }
            }
            defer { group.cancelAll() }
            guard let session = try await turn.value() else { throw Fault.storageUnavailable("it is closed.") }
            return session
        }
    }

    private func giveBack(_ session: PostgresSession) {
        let closing: Turn? = state.withLock { state in
            while !state.waiting.isEmpty {
                if state.waiting.removeFirst().settle(.success(session)) { return nil }
            }
            state.idle.append(session)
            state.lent -= 1
            return state.lent == 0 ? state.closing : nil
        }
        closing?.settle(.success(nil))
    }

    /// Refuses whoever still waits, and returns when every session has come back and is closed.
    func close() async {
        let end = Turn()
        let (waiting, isIdle): ([Turn], Bool) = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            if state.lent > 0 { state.closing = state.closing ?? end }
            return (state.waiting, state.lent == 0)
        }
        for turn in waiting { turn.settle(.failure(Fault.storageUnavailable("it is closed."))) }
        if !isIdle { _ = try? await end.value() }
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for session in idle { await session.close() }
    }
}

/// A place in the queue: settled once, by whoever comes first.
private final class Turn: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<PostgresSession?, any Error>)
        case settled(Result<PostgresSession?, any Error>)
        case over
    }

    private let state = Mutex(State.open)

    /// - Returns: whether this answer is the one that counts.
    @discardableResult
    func settle(_ result: Result<PostgresSession?, any Error>) -> Bool {
        let (counts, awaiting): (Bool, CheckedContinuation<PostgresSession?, any Error>?) = state.withLock { state in
            switch state {
            case .open:
                state = .settled(result)
                return (true, nil)
            case .awaited(let continuation):
                state = .over
                return (true, continuation)
            case .settled, .over:
                return (false, nil)
            }
        }
        awaiting?.resume(with: result)
        return counts
    }

    func value() async throws -> PostgresSession? {
        try await withCheckedThrowingContinuation { continuation in
            let settled: Result<PostgresSession?, any Error>? = state.withLock { state in
                if case .settled(let result) = state {
                    state = .over
                    return result
                }
                state = .awaited(continuation)
                return nil
            }
            if let settled { continuation.resume(with: settled) }
        }
    }
}
