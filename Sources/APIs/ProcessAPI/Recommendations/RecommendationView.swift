import CanonicalModel
import ConnectorKit
import Governance
import Replenishment
import Vocabulary

/// A recommendation and where it stands, as a list shows it.
struct RecommendationView: Encodable, Sendable {
    let id: ID<Recommendation>
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
    let isEscalated: Bool
    let expiresAt: Instant?
    let acceptedAt: Instant
    let updatedAt: Instant

    init(_ row: ReplenishmentRow) {
        id = row.id
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
        isEscalated = row.isEscalated
        expiresAt = row.expiresAt
        acceptedAt = row.acceptedAt
        updatedAt = row.updatedAt
    }
}

/// One recommendation with what an approver has to know.
struct RecommendationDetail: Encodable, Sendable {
    let recommendation: RecommendationView
    let decision: DecisionSummary?
    let approvals: [Approval]

    /// The decision without what only an explanation needs.
    struct DecisionSummary: Encodable, Sendable {
        let id: ID<Decision>
        let verdict: String
        /// Who may approve, and how many are needed; nil when nobody is asked.
        let roles: [Role]?
        let people: Int?
        let rule: String
        let reason: String
        let action: Action?
        let value: Worth?
        let findings: [CheckFinding]
        let isProvisional: Bool
        let decidedAt: Instant
        let lapsesAt: Instant
    }

    init(_ detail: Browsing.Detail) {
        recommendation = RecommendationView(detail.row)
        approvals = detail.approvals
        decision = detail.decision.map { decision in
            var asked: (roles: [Role], people: Int)?
            if case .requireApproval(let roles, let people) = decision.verdict { asked = (roles, people) }
            return DecisionSummary(
                id: decision.id, verdict: decision.verdict.name, roles: asked?.roles, people: asked?.people, rule: decision.rule,
                reason: decision.reason, action: decision.action, value: decision.value, findings: decision.findings,
                isProvisional: decision.isProvisional, decidedAt: decision.decidedAt, lapsesAt: decision.lapsesAt)
        }
    }
}
