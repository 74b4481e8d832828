import Vocabulary

/// How long an approval may take, and who hears of it when it takes longer.
public struct ApprovalTerms: Codable, Hashable, Sendable {
    /// From then on the approval is overdue.
    public let dueHours: Int
    /// From then on the role below may approve as well; nil when nobody else is asked.
    public let escalateAfterHours: Int?
    public let escalateTo: Role?
    /// From then on the decision has lapsed.
    public let expireAfterHours: Int

    public init(dueHours: Int, escalateAfterHours: Int?, escalateTo: Role?, expireAfterHours: Int) {
        self.dueHours = dueHours
        self.escalateAfterHours = escalateAfterHours
        self.escalateTo = escalateTo
        self.expireAfterHours = expireAfterHours
    }

    public func dueAt(_ decidedAt: Instant) -> Instant { decidedAt + .hours(dueHours) }
    public func lapsesAt(_ decidedAt: Instant) -> Instant { decidedAt + .hours(expireAfterHours) }
    public func escalatesAt(_ decidedAt: Instant) -> Instant? { escalateAfterHours.map { decidedAt + .hours($0) } }
}
