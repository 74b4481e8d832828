import Vocabulary

/// How many calls this ERP takes, and how long it wants to be left alone: a bucket that holds a second's worth.
struct CallAllowance: Sendable {
    private var tokens = Double.infinity
    private var at = Instant(microseconds: 0)
    private var refused: (at: Instant, until: Instant)?

    /// What is on its way when a refusal is given cannot heed it.
    private static let grace = Duration.milliseconds(500)

    /// Whether one more call is taken now.
    mutating func takes(_ perSecond: Double, at now: Instant) -> Bool {
        tokens = min(max(1, perSecond), tokens + (now - at).inSeconds * perSecond)
        at = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    mutating func refuse(at now: Instant, until: Instant) {
        guard refused.map({ $0.until <= now }) ?? true else { return }
        refused = (now, until)
    }

    /// Whether a call that comes now was asked not to come yet.
    func isEarly(at now: Instant) -> Bool {
        guard let refused else { return false }
        return now > refused.at + Self.grace && now < refused.until
    }
}
