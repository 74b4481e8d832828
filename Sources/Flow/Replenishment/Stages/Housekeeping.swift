import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// What time alone does: approvals that are overdue are escalated, and those that nobody gives expire.
package struct Housekeeping: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// - Returns: how many rows were escalated or expired.
    @discardableResult
    package func run() async throws -> Int {
        try await services.write { ledger in try expire(ledger) + escalate(ledger) }
    }

    private func expire(_ ledger: Ledger) throws -> Int {
        let overdue = try ledger.rows(
            "WHERE state = 'awaitingApproval' AND expires_at <= \(ledger.now) ORDER BY expires_at LIMIT "
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
            WHERE state = 'awaitingApproval' AND escalated = 0 AND escalates_at <= \(ledger.now)
            ORDER BY escalates_at LIMIT \(services.settings.batch)
            """)
        for row in overdue {
            try ledger.connection.run("UPDATE replenishment SET escalated = 1 WHERE id = \(row.id)")
            try ledger.exceptions.open(
                "approvalOverdue", subject: row.id.rawValue, team: role.rawValue, item: row.recommendation.item,
                location: row.recommendation.location,
                summary: "Its approval is overdue; it expires at \(row.expiresAt?.description ?? "no time").")
            try ledger.record("recommendation.escalated", row.id, by: "plimsoll", ["to": role.rawValue])
        }
        return overdue.count
    }
}
