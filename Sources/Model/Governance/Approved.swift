import CanonicalModel
import Vocabulary

/// An action together with proof that it may be carried out.
///
/// Connectors accept nothing else, so "nothing reaches an ERP undecided" is checked by the compiler
/// and not by review. The only way in verifies the decision and the approvals.
public struct Approved<Subject: Hashable & Sendable>: Hashable, Sendable {
    public let action: Subject
    public let decision: ID<Decision>
    /// Who consented; empty when the policy itself approved.
    public let approvedBy: [ID<Person>]

    fileprivate init(action: Subject, decision: ID<Decision>, approvedBy: [ID<Person>]) {
        self.action = action
        self.decision = decision
        self.approvedBy = approvedBy
    }
}

extension Approved where Subject == Action {
    /// - Parameters:
    ///   - approvals: all that were given for this decision, in any order.
    ///   - limits: what each role may approve.
    ///   - escalatedTo: the role that may approve as well because the approval was overdue.
    /// - Throws: a `governance.…` fault that says what is missing.
    public init(
        _ action: Action, by decision: Decision, approvals: [Approval], limits: ApprovalLimits, escalatedTo: Role? = nil,
        now: Instant
    ) throws(Fault) {
        guard decision.action == action else { throw .decidedSomethingElse(decision.id) }
        guard now < decision.lapsesAt else { throw .lapsed(decision.id, at: decision.lapsesAt) }
        switch decision.verdict {
        case .hold, .reject: throw .notApproved(decision.id, "its verdict is \(decision.verdict.name)")
        case .autoApprove:
            self.init(action: action, decision: decision.id, approvedBy: [])
        case .requireApproval(let roles, let asked):
            let people = max(1, asked)
            let digest = try action.digest
            let entitled = roles + [escalatedTo].compactMap(\.self)
            let counting = approvals.filter { approval in
                approval.decision == decision.id && approval.actionDigest == digest
                    && (try? limits.check(approval, of: decision, requiring: entitled)) != nil
            }
            guard let persons = differentPeople(people, among: counting) else {
                let count = (1...people).reversed().first { differentPeople($0, among: counting) != nil } ?? 0
                throw .notApproved(decision.id, "\(count) of \(people) approvals by \(roles.map(\.rawValue)) are there")
            }
            self.init(action: action, decision: decision.id, approvedBy: persons)
        }
    }
}

/// People who approved, each in another name: who stands in for a person is not a second one beside that person, and
/// who approves for two is one.
///
/// - Returns: all of them, in order, when there are at least `count`; nil otherwise.
private func differentPeople(_ count: Int, among approvals: [Approval]) -> [ID<Person>]? {
    func choose(_ count: Int, from rest: ArraySlice<Approval>) -> [Approval]? {
        guard count > 0 else { return [] }
        for (index, approval) in zip(rest.indices, rest) {
            let others = rest[(index + 1)...].filter {
                $0.by != approval.by && ($0.onBehalfOf ?? $0.by) != (approval.onBehalfOf ?? approval.by)
            }
            if let chosen = choose(count - 1, from: others[...]) { return [approval] + chosen }
        }
        return nil
    }
    return choose(count, from: approvals[...]) == nil ? nil : Set(approvals.map(\.by)).sorted()
}

/// How much each role may approve, in one currency; a role without an entry has no limit.
public struct ApprovalLimits: Codable, Hashable, Sendable {
    public let currency: CurrencyCode
    public let limits: [Role: Money]

    public init(currency: CurrencyCode, limits: [Role: Money]) {
        self.currency = currency
        self.limits = limits
    }

    public static let none = ApprovalLimits(currency: "USD", limits: [:])

    /// Whether one approval counts.
    ///
    /// - Throws: `governance.ownProposal`, `governance.roleMissing`, `governance.aboveLimit`.
    public func check(_ approval: Approval, of decision: Decision, requiring roles: [Role]) throws(Fault) {
        if let proposer = decision.proposedBy, proposer == approval.by || proposer == approval.onBehalfOf {
            throw .ownProposal(approval.by)
        }
        let held = approval.roles.filter(roles.contains)
        guard !held.isEmpty else { throw .roleMissing(approval.by, roles) }
        guard held.contains(where: { covers($0, decision.value) }) else { throw .aboveLimit(approval.by, decision.value) }
    }

    private func covers(_ role: Role, _ value: Worth?) -> Bool {
        guard let limit = limits[role] else { return true }
        // A value that is not known, or is in another currency, is within no limit.
        guard let value, value.currency == currency else { return false }
        return value.amount <= limit
    }
}

extension Verdict {
    /// The verdict in one word, as it is stored and shown.
    public var name: String {
        switch self {
        case .autoApprove: "autoApprove"
        case .requireApproval: "requireApproval"
        case .hold: "hold"
        case .reject: "reject"
        }
    }
}
