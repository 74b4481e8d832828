import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// What time alone does: approvals become overdue, are escalated, and expire when nobody gives them, and what
/// rests on a fallback forecast is looked at again once the real one is there.
package struct Housekeeping: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// - Returns: how many rows there was something to do about.
    @discardableResult
    package func run() async throws -> Int {
        try await services.write { ledger in
            try expire(ledger) + escalate(ledger) + remind(ledger) + ProvisionalReview(ledger: ledger).run()
        }
    }

    private func expire(_ ledger: Ledger) throws -> Int {
        let overdue = try ledger.rows(
            "WHERE state = 'awaitingApproval' AND \(isWaiting) AND expires_at <= \(ledger.now) ORDER BY expires_at LIMIT "
                + "\(services.settings.batch)"
        )
        for row in overdue {
            try ledger.move(row, to: .expired, Change(reason: "Nobody approved it in time.", fault: Fault.Code.lapsed.name))
        }
        return overdue.count
    }

    private func escalate(_ ledger: Ledger) throws -> Int {
        guard let role = services.policies.current.approval.escalateTo else { return 0 }
        let overdue = try ledger.rows(
            """
            WHERE state = 'awaitingApproval' AND \(isWaiting) AND escalated = 0 AND escalates_at <= \(ledger.now)
            ORDER BY escalates_at LIMIT \(services.settings.batch)
            """)
        for row in overdue {
            try ledger.connection.run("UPDATE replenishment SET escalated = 1, overdue = 1 WHERE id = \(row.id)")
            try ledger.exceptions.close(
                subject: row.id.rawValue, kind: "approvalOverdue", by: "plimsoll", "Escalated to \(role).")
            try ledger.exceptions.open(
                "approvalEscalated", of: row, team: role.rawValue,
                summary: "Nobody has approved it; it expires at \(row.expiresAt?.description ?? "no time").",
                due: row.expiresAt.map { $0 - ledger.now } ?? .hours(24))
            try ledger.record("recommendation.escalated", row.id, by: "plimsoll", ["to": role.rawValue])
        }
        return overdue.count
    }

    /// Tells those who were asked, once, when an approval is due; they have until it is escalated or expires.
    private func remind(_ ledger: Ledger) throws -> Int {
        let due = try ledger.rows(
            """
            WHERE state = 'awaitingApproval' AND \(isWaiting) AND overdue = 0 AND due_at <= \(ledger.now)
            ORDER BY due_at LIMIT \(services.settings.batch)
            """)
        for row in due {
            guard let decision = try ledger.decision(of: row), case .requireApproval(let roles, _) = decision.verdict else {
                throw Fault.defect("Recommendation \(row.id) awaits approval and no decision asks for it.")
            }
            try ledger.connection.run("UPDATE replenishment SET overdue = 1 WHERE id = \(row.id)")
            let asked = roles.map(\.rawValue).joined(separator: " or ")
            try ledger.exceptions.open(
                "approvalOverdue", of: row, team: roles.first?.rawValue ?? "planner",
                summary: "It was to be approved by \(asked) by \(row.dueAt?.description ?? "now"): \(decision.reason)",
                due: (row.expiresAt ?? ledger.now) - ledger.now)
            try ledger.record("recommendation.overdue", row.id, by: "plimsoll", ["asked": asked])
        }
        return due.count
    }
}
