import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

extension Ledger {
    /// The decision that the row stands on; nil before the first.
    func decision(of row: ReplenishmentRow) throws -> Decision? {
        guard let id = row.decision else { return nil }
        return try connection.first("SELECT body FROM decision WHERE id = \(id)") { row in
            try JSON.decode(Decision.self, from: try row[0] as String)
        }
    }

    /// What people consented to, for those decisions that ask people.
    func approvals(of decisions: some Collection<Decision>) throws -> [ID<Decision>: [Approval]] {
        let asking = decisions.filter { if case .requireApproval = $0.verdict { true } else { false } }.map(\.id)
        guard !asking.isEmpty else { return [:] }
        let found = try connection.rows(
            "SELECT body FROM approval WHERE decision \(anyOf: asking) ORDER BY at, person"
        ) { row in try JSON.decode(Approval.self, from: try row[0] as String) }
        return Dictionary(grouping: found, by: \.decision)
    }

    func approvals(of decision: ID<Decision>) throws -> [Approval] {
        try connection.rows("SELECT body FROM approval WHERE decision = \(decision) ORDER BY at, person") { row in
            try JSON.decode(Approval.self, from: try row[0] as String)
        }
    }

    func insert(_ approval: Approval, for id: ID<Recommendation>) throws {
        try connection.run(
            """
            INSERT INTO approval (decision, person, recommendation, at, body)
            VALUES (\(approval.decision), \(approval.by), \(id), \(approval.at), \(try JSON.text(of: approval)))
            """)
        try record("recommendation.approvalGiven", id, by: approval.by.rawValue, approval)
    }

    /// The roles that `person` has lent to `deputy` for now.
    ///
    /// - Throws: `governance.roleMissing` when there is no delegation in force.
    func delegatedRoles(from person: ID<Person>, to deputy: ID<Person>) throws -> [Role] {
        let found = try connection.rows(
            """
            SELECT body FROM delegation WHERE from_person = \(person) AND to_person = \(deputy)
                AND valid_from <= \(now) AND valid_until > \(now) ORDER BY id
            """
        ) { row in try JSON.decode(Delegation.self, from: try row[0] as String) }
        guard !found.isEmpty else {
            throw Fault(.roleMissing, .reject, "\(person) has not delegated anything to \(deputy) that is in force now.")
        }
        return found.flatMap(\.roles)
    }
}

extension ReplenishmentRow {
    /// The role that may approve as well, once the approval was overdue.
    func escalatedTo(by table: DecisionTable) -> Role? { isEscalated ? table.approval.escalateTo : nil }
}
