import Vocabulary

/// Somebody who is told of events, and remembers by a name how far.
package struct Consumer: Sendable {
    /// Under which its offset is kept: renaming a consumer starts a new one.
    package let name: String
    package let filter: EventFilter
    /// Where one begins that is not known yet.
    package let start: Start
    /// At most so many events are handed over at once.
    package let batch: Int
    package let retries: RetryPolicy
    /// How long handing a batch to the outside may take before somebody else may try.
    package let lease: Duration
    /// While so many events wait to be tried again, no new ones are read: then it is the receiver that is ill.
    package let waitingLimit: Int

    package enum Start: Sendable {
        case firstEvent, nextEvent
    }

    package init(
        _ name: String, filter: EventFilter = .all, start: Start = .firstEvent, batch: Int = 100,
        retries: RetryPolicy = RetryPolicy(), lease: Duration = .seconds(60), waitingLimit: Int = 1000
    ) {
        self.name = name
        self.filter = filter
        self.start = start
        self.batch = max(1, batch)
        self.retries = retries
        self.lease = lease
        self.waitingLimit = max(1, waitingLimit)
    }
}

/// How often and at what distance something that failed is tried again.
package struct RetryPolicy: Sendable {
    /// Including the first.
    package let attempts: Int
    package let base: Duration
    package let cap: Duration

    package init(attempts: Int = 8, base: Duration = .seconds(1), cap: Duration = .seconds(600)) {
        self.attempts = max(1, attempts)
        self.base = base
        self.cap = cap
    }

    /// A random time up to the base doubled with every attempt (full jitter), and never less than was asked for.
    func wait(after attempt: Int, atLeast asked: Duration?, randomness: Randomness) -> Duration {
        let doublings = min(max(attempt - 1, 0), 40)
        let longest = min(base.inSeconds * Double(Int64(1) << doublings), cap.inSeconds)
        let jittered = Duration.microseconds(Int64(longest * randomness.fraction() * 1_000_000))
        return max(jittered, asked ?? .zero)
    }
}

/// What one run of deliveries came to.
package struct DeliveryReport: Hashable, Sendable {
    /// Handled, new ones and repeated ones alike.
    package var delivered = 0
    /// Failed, and to be tried again; or held back because an earlier event of their subject is.
    package var postponed = 0
    /// Given up until somebody looks into them.
    package var dead = 0
    /// The consumer's offset afterwards.
    package var position: Int64 = 0
    /// Somebody else is delivering to this consumer at the moment.
    package var isLeasedElsewhere = false
    /// When the next postponed event is due; nil when none waits.
    package var nextDue: Instant?

    package init(
        delivered: Int = 0, postponed: Int = 0, dead: Int = 0, position: Int64 = 0, isLeasedElsewhere: Bool = false,
        nextDue: Instant? = nil
    ) {
        self.delivered = delivered
        self.postponed = postponed
        self.dead = dead
        self.position = position
        self.isLeasedElsewhere = isLeasedElsewhere
        self.nextDue = nextDue
    }
}
