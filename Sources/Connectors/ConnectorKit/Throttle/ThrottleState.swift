import Vocabulary

/// What a budget knows of its system at one moment.
struct ThrottleState {
    private let limits: ThrottleBudget.Limits
    private var rate: AdaptiveRate
    /// When the next request would be due if they came evenly; the bucket is how far this may lie in the past.
    private var nextDue = Instant(microseconds: .min / 2)
    private(set) var closedUntil = Instant(microseconds: .min / 2)
    private var refusalsInARow = 0
    /// The most that the system has said to be left since it began to count anew.
    private var allowance = 0
    private var countedUntil = Instant(microseconds: .min / 2)
    /// What is left of the allowance is spread over the time it is for.
    private var spread: (perSecond: Double, until: Instant)?

    init(_ limits: ThrottleBudget.Limits) {
        self.limits = limits
        rate = AdaptiveRate(ceiling: limits.perSecond)
    }

    func standing(at now: Instant) -> ThrottleBudget.Standing {
        let perSecond = perSecond(at: now)
        if closedUntil > now { return .init(room: 0, opensAt: closedUntil, perSecond: perSecond) }
        guard perSecond.isFinite else { return .init(room: .max, opensAt: now, perSecond: perSecond) }
        let due = nextTurn(at: now)
        let room = due > now ? 0 : Int((now - due).inSeconds * perSecond) + 1
        return .init(room: room, opensAt: max(due, now), perSecond: perSecond)
    }

    private func perSecond(at now: Instant) -> Double {
        guard let spread, spread.until > now else { return rate.perSecond }
        return min(rate.perSecond, max(spread.perSecond, AdaptiveRate.least))
    }

    /// When a request that comes now has its place in the even row.
    func nextTurn(at now: Instant) -> Instant {
        let perSecond = perSecond(at: now)
        guard perSecond.isFinite else { return now }
        return max(nextDue, now - interval(perSecond) * (burst(perSecond) - 1))
    }

    mutating func take(turn due: Instant, at now: Instant) {
        rate.count(at: now)
        let perSecond = perSecond(at: now)
        if perSecond.isFinite { nextDue = due + interval(perSecond) }
    }

    private func interval(_ perSecond: Double) -> Duration { .microseconds(Int64(1_000_000 / perSecond)) }

    /// A system that has shown its limit is not met with more at once than it takes in a quarter of a second.
    private func burst(_ perSecond: Double) -> Int {
        perSecond < limits.perSecond ? max(1, min(limits.burst, Int(perSecond / 4))) : limits.burst
    }

    /// Spreads the last fifth of what the system says to be left over the time it is for, so that it does not come to refusals.
    mutating func heed(_ notice: ThrottleNotice, at now: Instant, _ randomness: Randomness) {
        guard let remaining = notice.remaining else { return }
        if countedUntil <= now { allowance = 0 }
        allowance = max(allowance, remaining)
        guard let reset = notice.reset, reset > .zero else { return }
        countedUntil = now + reset
        if remaining <= 0 {
            closedUntil = max(closedUntil, now + min(jittered(reset, randomness), .hours(24)))
        } else if remaining * 5 <= allowance {
            spread = (Double(remaining) / reset.inSeconds, now + reset)
        }
    }

    mutating func taken() {
        refusalsInARow = 0
        rate.raise()
    }

    /// - Parameter wait: what the system asked for; nil when it named no time.
    mutating func refused(for wait: Duration?, at now: Instant, sentAt began: Instant, _ randomness: Randomness) {
        refusalsInARow += 1
        rate.lower(at: now, sentAt: began)
        let away = wait.map { jittered($0, randomness) } ?? backoff(randomness)
        closedUntil = max(closedUntil, now + min(away, .hours(24)))
    }

    /// A little later than asked, so that those who were turned away together do not come back together.
    private func jittered(_ wait: Duration, _ randomness: Randomness) -> Duration {
        let margin = min(max(wait.inSeconds * 0.1, 0.05), 5)
        return wait + .microseconds(Int64(margin * randomness.fraction() * 1_000_000))
    }

    /// A random time below a bound that doubles with every refusal: half a second to a minute.
    private func backoff(_ randomness: Randomness) -> Duration {
        let bound = min(60, 0.25 * Double(1 << min(refusalsInARow, 10)))
        return .microseconds(Int64(bound * (0.5 + 0.5 * randomness.fraction()) * 1_000_000))
    }
}
