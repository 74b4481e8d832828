import CanonicalModel
import ConnectorKit
import EventLog
import Governance
import Storage
import Vocabulary

/// All there is to say about one recommendation: what was suggested, seen, decided, consented to, tried and achieved.
package struct Explanation: Codable, Sendable {
    package let recommendation: Recommendation
    package let state: ReplenishmentState
    package let reason: String?
    package let reference: String
    package let document: String?
    package let decisions: [ExplainedDecision]
    package let approvals: [Approval]
    package let attempts: [AttemptRecord]
    package let audit: [AuditRecord]
}

/// A decision with the facts it looked at, and whether making it again gives the same one.
package struct ExplainedDecision: Codable, Sendable {
    package let decision: Decision
    package let facts: DecisionFacts
    /// Recomputed from the stored facts by the stored table: the same answer, rule and findings.
    package let isReproducible: Bool
}

/// One try to send an action, as it was written down before the call and completed after it.
package struct AttemptRecord: Codable, Sendable, Hashable {
    package let number: Int
    package let system: String
    package let reference: String
    package let replica: String
    package let startedAt: Instant
    package let endedAt: Instant?
    package let outcome: String?
    package let detail: String?
}

/// Answers why.
package struct Explainer: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// - Throws: `input.notFound`.
    package func explain(_ id: ID<Recommendation>) async throws -> Explanation {
        let now = services.clock.now()
        return try await services.database.read { connection in
            let ledger = Ledger(connection: connection, now: now, services: services)
            let row = try ledger.row(id)
            let decisions = try connection.rows(
                "SELECT body, facts FROM decision WHERE recommendation = \(id) ORDER BY decided_at, id"
            ) {
                stored in (try JSON.decode(Decision.self, from: try stored[0] as String), try stored[1] as String)
            }
            return Explanation(
                recommendation: row.recommendation, state: row.state, reason: row.reason, reference: row.reference.rawValue,
                document: row.document.map { "\($0.kind) \($0.number)" },
                decisions: try decisions.map { decision, facts in try explained(decision, facts, row.recommendation, connection)
                },
                approvals: try decisions.flatMap { decision, _ in try ledger.approvals(of: decision.id) },
                attempts: try attempts(of: id, connection), audit: try services.audit.records(about: id.rawValue, on: connection))
        }
    }

    private func explained(
        _ decision: Decision, _ factsText: String, _ recommendation: Recommendation, _ connection: any Connection
    ) throws -> ExplainedDecision {
        let facts = try JSON.decode(DecisionFacts.self, from: factsText)
        let again = try Decision(
            id: decision.id, on: recommendation, facts: facts, factsDigest: Digest(of: factsText),
            table: try services.policies.table(decision.policyVersion, on: connection), at: decision.decidedAt)
        return ExplainedDecision(decision: decision, facts: facts, isReproducible: again == decision)
    }

    private func attempts(of id: ID<Recommendation>, _ connection: any Connection) throws -> [AttemptRecord] {
        try connection.rows(
            """
            SELECT number, system, reference, replica, started_at, ended_at, outcome, detail FROM attempt
            WHERE recommendation = \(id) ORDER BY number
            """
        ) { row in
            AttemptRecord(
                number: try row[0], system: try row[1], reference: try row[2], replica: try row[3], startedAt: try row[4],
                endedAt: try row[5], outcome: try row[6], detail: try row[7])
        }
    }
}
