import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// Somebody at the desk: who it is and what they are trusted with.
package struct Approver: Sendable, Hashable {
    package let person: ID<Person>
    package let roles: [Role]

    package init(person: ID<Person>, roles: [Role]) {
        self.person = person
        self.roles = roles
    }
}

/// Where people say yes or no.
package struct ApprovalDesk: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// What became of one person's consent.
    package struct Answer: Codable, Sendable, Hashable {
        package let recommendation: ID<Recommendation>
        package let state: ReplenishmentState
        /// How many more people are needed.
        package let missing: Int
        package let reason: String?
    }

    /// Consents to the action as decided.
    ///
    /// The same person twice is once. With the last consent that is needed the facts are looked at again.
    ///
    /// - Parameters:
    ///   - decision: the one that the person saw; another one is `replenishment.stale`.
    ///   - onBehalfOf: whom the person stands in for, under a delegation in force.
    /// - Throws: `governance.ownProposal`, `.roleMissing`, `.aboveLimit`, `.lapsed`; `replenishment.wrongState`, `.stale`;
    ///   `input.notFound`.
    package func approve(
        _ id: ID<Recommendation>, decision seen: ID<Decision>, by approver: Approver, onBehalfOf: ID<Person>? = nil,
        comment: String? = nil
    ) async throws -> Answer {
        try await services.write { ledger in
            let row = try ledger.row(id)
            guard let decision = try ledger.decision(of: row) else { throw Fault.wrongState(row, for: "approved") }
            guard decision.id == seen else { throw Fault.stale(row) }
            let given = try ledger.approvals(of: decision.id)
            if given.contains(where: { $0.by == approver.person }), row.state != .received {
                return Answer(recommendation: id, state: row.state, missing: 0, reason: "You approved this before.")
            }
            guard row.state == .awaitingApproval, case .requireApproval(let roles, _) = decision.verdict,
                let action = decision.action
            else { throw Fault.wrongState(row, for: "approved") }
            guard ledger.now < decision.lapsesAt else { throw Fault.wrongState(row, for: "approved: the decision has lapsed") }
            let held =
                try onBehalfOf.map { person in try ledger.delegatedRoles(from: person, to: approver.person) } ?? approver.roles
            let approval = Approval(
                decision: decision.id, actionDigest: try action.digest, by: approver.person, roles: held, onBehalfOf: onBehalfOf,
                at: ledger.now, comment: comment)
            let table = try services.policies.table(decision.policyVersion, on: ledger.connection)
            try table.limits.check(approval, of: decision, requiring: roles + (row.escalatedTo(by: table).map { [$0] } ?? []))
            try ledger.insert(approval, for: id)
            let missing = try decision.missingApprovals(
                given: given + [approval], limits: table.limits, escalatedTo: row.escalatedTo(by: table))
            guard missing <= 0 else {
                return Answer(recommendation: id, state: row.state, missing: missing, reason: "\(missing) more to approve.")
            }
            guard try Fence(ledger: ledger).pass(row, decided: decision) else {
                let held = try ledger.row(id)
                return Answer(recommendation: id, state: held.state, missing: 0, reason: held.reason)
            }
            try ledger.move(
                row, to: .approved,
                Change(actor: approver.person.rawValue, reason: comment ?? decision.reason, nextAt: ledger.now))
            return Answer(recommendation: id, state: .approved, missing: 0, reason: nil)
        }
    }

    /// Says no; final.
    package func reject(_ id: ID<Recommendation>, by approver: Approver, reason: String) async throws -> Answer {
        try await services.write { ledger in
            let row = try ledger.row(id)
            guard [.awaitingApproval, .held, .approved, .deadLetter].contains(row.state) else {
                throw Fault.wrongState(row, for: "rejected")
            }
            guard try ledger.move(row, to: .rejected, Change(actor: approver.person.rawValue, reason: reason)) else {
                throw Fault.wrongState(row, for: "rejected")
            }
            return Answer(recommendation: id, state: .rejected, missing: 0, reason: reason)
        }
    }

    /// Has what is held decided again on the facts as they are now.
    package func decideAgain(_ id: ID<Recommendation>, by approver: Approver, reason: String) async throws -> Answer {
        try await services.write { ledger in
            let row = try ledger.row(id)
            guard row.state == .held || row.state == .awaitingApproval else { throw Fault.wrongState(row, for: "decided again") }
            guard !row.waitsForSettlement else {
                throw Fault.wrongState(row, for: "decided again before somebody has settled what its last attempt did")
            }
            try ledger.move(row, to: .received, Change(actor: approver.person.rawValue, reason: reason, failures: 0))
            try ledger.exceptions.close(subject: id.rawValue, by: approver.person.rawValue, "Decided again: \(reason)")
            return Answer(recommendation: id, state: .received, missing: 0, reason: reason)
        }
    }

    /// A person found out what the machine could not: whether the effect of the last attempt is in the ERP.
    package func settle(_ id: ID<Recommendation>, wasDone: Bool, by approver: Approver, reason: String) async throws -> Answer {
        try await services.write { ledger in
            let row = try ledger.row(id)
            guard row.state == .held, row.waitsForSettlement else {
                throw Fault.wrongState(row, for: "settled")
            }
            let state: ReplenishmentState = wasDone ? .done : .rejected
            try ledger.move(row, to: state, Change(actor: approver.person.rawValue, reason: reason, document: row.document))
            return Answer(recommendation: id, state: state, missing: 0, reason: reason)
        }
    }
}
