import CanonicalModel
import EventLog
import Gateway
import Governance
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// Why a recommendation came to what it came to, and what waits for people.
struct ExplanationRoutes: Sendable {
    let flow: FlowServices

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("recommendations/{id}/explanation") { _, context in
            let id: ID<Recommendation> = try context.id("id")
            let scope = try context.principal.scope
            _ = try await Browsing(flow).detail(id, scope: scope.condition(on: "location"))
            let explanation = try await Explainer(flow).explain(id)
            guard !scope.isEverywhere else { return try Response.json(explanation) }
            let within: Set<String> = Set(try await flow.database.read { connection in try connection.values(scope.members) })
            return try Response.json(ScopedExplanation(explanation, within: within))
        }
        routes.get("exceptions") { request, context in
            let query = try RequestQuery(request, allowing: ["team", "open", "limit", "after"])
            let limit = try query.limit()
            let (team, after, isOpen) = (query["team"], query["after"], try query.flag("open") ?? true)
            let scope = try context.principal.scope.condition(on: "location")
            let entries = try await flow.database.read { connection in
                try Exceptions.list(on: connection, team: team, open: isOpen, scope: scope, after: after, limit: limit)
            }
            return try Response.json(ListPage("exceptions", entries, limit: limit) { $0.id })
        }
    }
}

/// An explanation without the figures of locations that the reader may not see.
private struct ScopedExplanation: Encodable {
    let recommendation: Recommendation
    let state: ReplenishmentState
    let reason: String?
    let reference: String
    let document: String?
    let decisions: [ScopedDecision]
    let approvals: [Approval]
    let attempts: [AttemptRecord]
    let audit: [AuditRecord]

    struct ScopedDecision: Encodable {
        let decision: Decision
        let facts: DecisionFacts
        let isReproducible: Bool
        /// How many other locations could have sent goods and are not shown.
        let hiddenDonors: Int
    }

    init(_ explanation: Explanation, within locations: Set<String>) {
        recommendation = explanation.recommendation
        state = explanation.state
        reason = explanation.reason
        reference = explanation.reference
        document = explanation.document
        approvals = explanation.approvals
        attempts = explanation.attempts
        audit = explanation.audit
        decisions = explanation.decisions.map { explained in
            let facts = explained.facts
            var position = facts.position
            position.donors = position.donors.filter { locations.contains($0.location.id.rawValue) }
            return ScopedDecision(
                decision: explained.decision,
                facts: DecisionFacts(
                    position: position, today: facts.today, pending: facts.pending,
                    promised: facts.promised.filter { locations.contains($0.key) }, rates: facts.rates,
                    assumedForecast: facts.assumedForecast),
                isReproducible: explained.isReproducible, hiddenDonors: facts.position.donors.count - position.donors.count)
        }
    }
}
