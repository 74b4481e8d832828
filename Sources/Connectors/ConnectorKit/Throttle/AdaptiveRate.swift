import Vocabulary

/// How many requests a second one system takes, as far as it has let us find out.
///
/// Nothing is assumed of a system that has never turned anything away. A refusal halves what was being sent; from there the
/// rate grows evenly, so that half a minute leads back to where it was refused: additive increase, multiplicative decrease
/// (Chiu and Jain 1989). Beyond that it doubles every ten seconds, for the refusal may have had other reasons than us.
struct AdaptiveRate {
    /// What the configuration allows at most; infinite when it says nothing.
    let ceiling: Double
    /// Requests a second; infinite while no limit has been met.
    private(set) var perSecond: Double
    private var refusedAt = 0.0
    private var loweredAt = Instant(microseconds: .min / 2)
    /// Requests sent in this second and in the one before.
    private var sent = (second: Int64.min, now: 0, before: 0)

    /// One request in ten seconds is sent to whatever system.
    static let least = 0.1
    /// Who sends little is not taken for the one who sends too much.
    private static let leastRefused = 2.0
    /// Seconds from half a refused rate back to it.
    private static let recovery = 30.0
    /// The growth of a second beyond it.
    private static let growth = 0.07

    init(ceiling: Double) {
        self.ceiling = ceiling
        perSecond = ceiling
    }

    mutating func count(at now: Instant) {
        let second = now.microseconds / 1_000_000
        if second != sent.second {
            sent = (second, 0, second == sent.second + 1 ? sent.now : 0)
        }
        sent.now += 1
    }

    /// - Parameter began: when the refused request was sent: what was under way when the rate was last lowered says nothing
    ///   of the new one.
    mutating func lower(at now: Instant, sentAt began: Instant) {
        guard began > loweredAt else { return }
        loweredAt = now
        refusedAt = min(perSecond, max(Double(max(sent.now, sent.before)), Self.leastRefused))
        perSecond = max(Self.least, refusedAt / 2)
    }

    /// After an answer that was no refusal.
    mutating func raise() {
        guard perSecond < ceiling else { return }
        let inOneSecond = perSecond < refusedAt ? refusedAt / 2 / Self.recovery : perSecond * Self.growth
        perSecond = min(ceiling, perSecond + inOneSecond / perSecond)
    }
}
