import Vocabulary

/// How much one system allows us: so many requests at a time, so many a second, and none while it says so.
///
/// One budget is shared by everything that talks to the system with the same credentials.
public actor ThrottleBudget {
    public struct Limits: Hashable, Sendable {
        /// Requests under way at the same time.
        public var concurrent: Int
        public var perSecond: Double
        /// Requests that may start at once after a pause.
        public var burst: Int
        /// Longer waits are not waited for but reported as `connector.rateLimited`.
        public var patience: Duration

        public init(concurrent: Int = 4, perSecond: Double = 10, burst: Int = 10, patience: Duration = .seconds(30)) {
            self.concurrent = max(1, concurrent)
            self.perSecond = max(0.001, perSecond)
            self.burst = max(1, burst)
            self.patience = patience
        }
    }

    private let limits: Limits
    private let clock: WallClock
    private let randomness: Randomness
    private let turnstile: Turnstile
    /// When the next request would be due if they came evenly; the bucket is how far this may lie in the past.
    private var nextDue = Instant(microseconds: .min / 2)
    private var closedUntil = Instant(microseconds: .min / 2)
    private var refusalsInARow = 0

    public init(_ limits: Limits, clock: WallClock, randomness: Randomness) {
        self.limits = limits
        self.clock = clock
        self.randomness = randomness
        turnstile = Turnstile(places: limits.concurrent)
    }

    /// Does `work` once the budget allows it.
    ///
    /// - Throws: what `work` throws; `connector.rateLimited` when the wait is beyond the limits' patience or
    ///   the task was cancelled while waiting, with nothing done.
    public nonisolated func admitted<Result>(_ work: () async throws(Fault) -> Result) async throws(Fault) -> Result {
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

    /// Takes account of how the system answered: `Retry-After` closes the budget for so long, a refusal without
    /// one for a random, growing time, and any other answer ends the growth.
    public func learn(from response: WireResponse) {
        guard response.status == 429 || response.status == 503 else {
            refusalsInARow = 0
            return
        }
        refusalsInARow += 1
        let now = clock.now()
        let wait = retryAfter(response.header("Retry-After"), now: now) ?? backoff()
        closedUntil = max(closedUntil, now + min(wait, .hours(24)))
    }

    /// A random time below a bound that doubles with every refusal: half a second to a minute.
    private func backoff() -> Duration {
        let bound = min(60, 0.25 * Double(1 << min(refusalsInARow, 10)))
        return .microseconds(Int64(bound * (0.5 + 0.5 * randomness.fraction()) * 1_000_000))
    }

    nonisolated func enter() async throws(Fault) {
        guard await turnstile.enter() else { throw .waitCancelled }
        do throws(Fault) {
            try await waitUntilDue()
        } catch {
            turnstile.leave()
            throw error
        }
    }

    nonisolated func leave() {
        turnstile.leave()
    }

    private func waitUntilDue() async throws(Fault) {
        let interval = Duration.microseconds(Int64(1_000_000 / limits.perSecond))
        let earliest = clock.now() - interval * (limits.burst - 1)
        let due = max(nextDue, earliest)
        try checkPatience(until: max(due, closedUntil))
        nextDue = due + interval
        // The system may close the budget while we wait, so look again.
        while true {
            let now = clock.now()
            let target = max(due, closedUntil)
            guard now < target else { return }
            try checkPatience(until: target)
            do {
                try await clock.pause(target - now)
            } catch {
                throw .waitCancelled
            }
        }
    }

    private func checkPatience(until target: Instant) throws(Fault) {
        let wait = target - clock.now()
        guard wait <= limits.patience else {
            throw .rateLimited("The system's request budget is used up until \(target).", after: wait)
        }
    }
}

extension Fault {
    fileprivate static var waitCancelled: Fault {
        .rateLimited("The wait for the system's request budget was cancelled.", after: nil)
    }
}
