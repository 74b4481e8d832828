import Synchronization
import Vocabulary

/// How much one system allows us: so many requests at a time, so many a second, and none while it says so.
///
/// One budget is shared by everything that talks to the system with the same credentials. It learns from every answer:
/// see `ThrottleDialect` for what an answer can say, and `AdaptiveRate` for what is done when it says nothing.
public final class ThrottleBudget: Sendable {
    public struct Limits: Hashable, Sendable {
        /// Requests under way at the same time.
        public var concurrent: Int
        /// Requests a second at most; infinite for as many as the system takes.
        public var perSecond: Double
        /// Requests that may start at once after a pause.
        public var burst: Int
        /// Longer waits are not waited for but reported as `connector.rateLimited`.
        public var patience: Duration

        public init(
            concurrent: Int = 4, perSecond: Double = .infinity, burst: Int = 10, patience: Duration = .seconds(30)
        ) {
            self.concurrent = max(1, concurrent)
            self.perSecond = max(AdaptiveRate.least, perSecond)
            self.burst = max(1, burst)
            self.patience = patience
        }
    }

    private let limits: Limits
    private let dialect: ThrottleDialect
    private let clock: WallClock
    private let randomness: Randomness
    private let turnstile: Turnstile
    private let state: Mutex<ThrottleState>

    public init(
        _ limits: Limits = Limits(), dialect: ThrottleDialect = .standard, clock: WallClock, randomness: Randomness
    ) {
        self.limits = limits
        self.dialect = dialect
        self.clock = clock
        self.randomness = randomness
        turnstile = Turnstile(places: limits.concurrent)
        state = Mutex(ThrottleState(limits))
    }

    /// How the budget stands, for lanes and people.
    public struct Standing: Hashable, Sendable {
        /// Requests that may start at once.
        public let room: Int
        /// When the next one may start, if there is no room.
        public let opensAt: Instant
        /// Requests a second; infinite while no limit has been met.
        public let perSecond: Double
    }

    public func standing(at now: Instant) -> Standing { state.withLock { $0.standing(at: now) } }

    /// Does `work` once the budget allows it.
    ///
    /// - Throws: what `work` throws; `connector.rateLimited` when the wait is beyond the limits' patience or
    ///   the task was cancelled while waiting, with nothing done.
    public func admitted<Result>(_ work: () async throws(Fault) -> Result) async throws(Fault) -> Result {
        try await enter()
        do throws(Fault) {
            let result = try await work()
            leave()
            return result
        } catch {
            leave()
            throw error
        }
    }

    /// Takes account of how the system answered.
    ///
    /// - Parameter began: when the request was sent; nil for just now.
    /// - Returns: what it says; of a refusal in any case how long to stay away, by its own word or, when it has none, for a
    ///   random, growing time.
    @discardableResult
    public func learn(from response: WireResponse, sentAt began: Instant? = nil) -> ThrottleNotice {
        let now = clock.now()
        var notice = dialect.notice(in: response, now: now)
        return state.withLock { state in
            state.heed(notice, at: now, randomness)
            // A 503 without a time is load too, although what was asked for may have been done.
            guard notice.isRefusal || response.status == 503 else {
                state.taken()
                return notice
            }
            state.refused(for: notice.wait, at: now, sentAt: began ?? now, randomness)
            if notice.isRefusal { notice.wait = state.closedUntil - now }
            return notice
        }
    }

    func enter() async throws(Fault) {
        guard await turnstile.enter() else { throw .waitCancelled }
        do throws(Fault) {
            try await waitUntilDue()
        } catch {
            turnstile.leave()
            throw error
        }
    }

    func leave() {
        turnstile.leave()
    }

    private func waitUntilDue() async throws(Fault) {
        let due = try reserve()
        // The system may close the budget while we wait, so look again.
        while true {
            let now = clock.now()
            let target = state.withLock { max(due, $0.closedUntil) }
            guard now < target else { return }
            try checkPatience(until: target, now)
            do {
                try await clock.pause(target - now)
            } catch {
                throw .waitCancelled
            }
        }
    }

    /// Takes the next place in the even row of requests.
    private func reserve() throws(Fault) -> Instant {
        let now = clock.now()
        return try state.withLock { state throws(Fault) in
            let due = state.nextTurn(at: now)
            try checkPatience(until: max(due, state.closedUntil), now)
            state.take(turn: due, at: now)
            return due
        }
    }

    private func checkPatience(until target: Instant, _ now: Instant) throws(Fault) {
        let wait = target - now
        guard wait <= min(limits.patience, Patience.bound ?? limits.patience) else {
            throw .rateLimited("The system's request budget is used up until \(target).", after: wait)
        }
    }
}

extension Fault {
    fileprivate static var waitCancelled: Fault {
        .rateLimited("The wait for the system's request budget was cancelled.", after: nil)
    }
}
