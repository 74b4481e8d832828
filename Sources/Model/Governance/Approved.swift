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
        case .requireApproval(let roles, let people):
            let counting = try decision.counting(approvals, limits: limits, escalatedTo: escalatedTo)
            let missing = try decision.missingApprovals(given: approvals, limits: limits, escalatedTo: escalatedTo)
            guard missing == 0 else {
                let named = roles.map(\.rawValue).joined(separator: ", ")
                throw .notApproved(decision.id, "\(missing) of \(max(1, people)) approvals by \(named) are missing")
            }
            self.init(action: action, decision: decision.id, approvedBy: Set(counting.map(\.by)).sorted())
        }
    }
}

extension Decision {
    /// How many more people have to approve; 0 when the verdict is not one that waits for approvals.
    public func missingApprovals(
        given approvals: [Approval], limits: ApprovalLimits, escalatedTo: Role? = nil
    ) throws(Fault) -> Int {
        guard case .requireApproval(_, let people) = verdict else { return 0 }
        let counting = try counting(approvals, limits: limits, escalatedTo: escalatedTo)
        let needed = max(1, people)
        return needed - differentPeople(among: counting, atMost: needed)
    }

    /// Those that were given for this decision's action by somebody who may.
    fileprivate func counting(
        _ approvals: [Approval], limits: ApprovalLimits, escalatedTo: Role?
    ) throws(Fault) -> [Approval] {
        guard case .requireApproval(let roles, _) = verdict, let action else { return [] }
        let digest = try action.digest
        let entitled = roles + [escalatedTo].compactMap(\.self)
        return approvals.filter { approval in
            approval.decision == id && approval.actionDigest == digest
                && (try? limits.check(approval, of: self, requiring: entitled)) != nil
        }
    }
}

/// How many people approved, each in another name, counted up to `bound`: who stands in for a person is not a second
/// one beside that person, and who approves for two is one.
private func differentPeople(among approvals: [Approval], atMost bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    var most = 0
    for (index, approval) in approvals.enumerated() {
        let others = approvals[(index + 1)...].filter {
            $0.by != approval.by && ($0.onBehalfOf ?? $0.by) != (approval.onBehalfOf ?? approval.by)
        }
        most = max(most, 1 + differentPeople(among: others, atMost: bound - 1))
        if most == bound { break }
    }
    return most
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
