import CanonicalModel
import ConnectorKit
import Governance
import Replenishment
import Vocabulary

/// A recommendation and where it stands.
struct RecommendationView: Encodable, Sendable {
    let id: ID<Recommendation>
    let item: ID<Item>
    let location: ID<Location>
    let source: ID<ExternalSystem>
    let cycle: ID<ForecastCycle>?
    let state: ReplenishmentState
    /// Why it is in this state, for people.
    let reason: String?
    /// The code of the fault that brought it here.
    let fault: String?
    let recommendation: Recommendation
    /// To be given back with an approval.
    let decision: ID<Decision>?
    let action: Action?
    let system: ID<ExternalSystem>?
    let reference: String
    let document: ExternalDocument?
    let attempts: Int
    let replays: Int
    /// When its approval is due, whether that passed without one, and when it lapses.
    let dueAt: Instant?
    let isOverdue: Bool
    let isEscalated: Bool
    let expiresAt: Instant?
    /// It rests on a fallback forecast, and is decided again when the real one lands.
    let isProvisional: Bool
    let acceptedAt: Instant
    let updatedAt: Instant
    /// What an approver has to know; nil in lists.
    let decided: DecisionSummary?
    let approvals: [Approval]?

    init(_ detail: Browsing.Detail) {
        self.init(detail.row, decided: detail.decision.map(DecisionSummary.init), approvals: detail.approvals)
    }

    init(_ row: ReplenishmentRow, decided: DecisionSummary? = nil, approvals: [Approval]? = nil) {
        id = row.id
        item = row.recommendation.item
        location = row.recommendation.location
        source = row.recommendation.source
        cycle = row.recommendation.cycle
        state = row.state
        reason = row.reason
        fault = row.fault
        recommendation = row.recommendation
        decision = row.decision
        action = row.action
        system = row.system
        reference = row.reference.rawValue
        document = row.document
        attempts = row.attempts
        replays = row.replays
        dueAt = row.dueAt
        isOverdue = row.isOverdue
        isEscalated = row.isEscalated
        expiresAt = row.expiresAt
        isProvisional = row.isProvisional
        acceptedAt = row.acceptedAt
        updatedAt = row.updatedAt
        self.decided = decided
        self.approvals = approvals
    }
}

/// A decision without what only an explanation needs.
struct DecisionSummary: Encodable, Sendable {
    let id: ID<Decision>
    let verdict: String
    /// Who may approve, and how many are needed; nil when nobody is asked.
    let roles: [Role]?
    let people: Int?
    let rule: String
    let reason: String
    let value: Worth?
    let findings: [CheckFinding]
    let isProvisional: Bool
    let decidedAt: Instant
    let lapsesAt: Instant

    init(_ decision: Decision) {
        if case .requireApproval(let roles, let people) = decision.verdict {
            self.roles = roles
            self.people = people
        } else {
            roles = nil
            people = nil
        }
        id = decision.id
        verdict = decision.verdict.name
        rule = decision.rule
        reason = decision.reason
        value = decision.value
        findings = decision.findings
        isProvisional = decision.isProvisional
        decidedAt = decision.decidedAt
        lapsesAt = decision.lapsesAt
    }
}
