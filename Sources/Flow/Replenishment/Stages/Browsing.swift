import CanonicalModel
import Governance
import Storage
import Vocabulary

/// Looks at recommendations without doing anything to them.
package struct Browsing: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Which recommendations are asked for; what is left out asks for nothing in particular.
    package struct Filter: Sendable {
        package var states: [ReplenishmentState]
        package var item: ID<Item>?
        package var location: ID<Location>?
        package var source: ID<ExternalSystem>?
        package var cycle: ID<ForecastCycle>?
        /// A condition on the column `location`: what the asker may see.
        package var scope: SQL

        package init(
            states: [ReplenishmentState] = [], item: ID<Item>? = nil, location: ID<Location>? = nil,
            source: ID<ExternalSystem>? = nil, cycle: ID<ForecastCycle>? = nil, scope: SQL = "1 = 1"
        ) {
            self.states = states
            self.item = item
            self.location = location
            self.source = source
            self.cycle = cycle
            self.scope = scope
        }

        /// Whether only what waits to be decided, or for people, is asked for.
        var areWaiting: Bool {
            let waiting: [ReplenishmentState] = [.received, .awaitingApproval, .held, .deadLetter]
            return !states.isEmpty && states.allSatisfy(waiting.contains)
        }

        var condition: SQL {
            var condition = scope
            if !states.isEmpty { condition = condition + " AND state IN (\(list: states))" }
            if let item { condition = condition + " AND item = \(item)" }
            if let location { condition = condition + " AND location = \(location)" }
            if let source { condition = condition + " AND source = \(source)" }
            if let cycle { condition = condition + " AND cycle = \(cycle)" }
            return condition
        }
    }

    /// The place of a row in the list, the newest first.
    package struct Place: Sendable, Hashable {
        package let acceptedAt: Instant
        package let id: ID<Recommendation>

        package init(of row: ReplenishmentRow) {
            acceptedAt = row.acceptedAt
            id = row.id
        }

        /// `1772438400000000 rec-1`: microseconds, a space and the id.
        package init(parsing text: String, field: String = "after") throws(Fault) {
            guard let space = text.firstIndex(of: " "), let microseconds = Int64(text[..<space]) else {
                throw .invalid(field, found: text, expected: "the `next` of the page before")
            }
            acceptedAt = Instant(microseconds: microseconds)
            id = ID(String(text[text.index(after: space)...]))
        }

        package var text: String { "\(acceptedAt.microseconds) \(id)" }
    }

    /// The newest first.
    package func rows(_ filter: Filter, after place: Place? = nil, limit: Int) async throws -> [ReplenishmentRow] {
        // Those that wait are few, and have an index of their own; all others are found from the newest on.
        let acceptedAt: SQL = filter.areWaiting ? "replenishment.accepted_at" : "recommendation.accepted_at"
        var condition = filter.condition
        if filter.areWaiting { condition = condition + " AND \(isWaiting)" }
        if let place {
            condition =
                condition
                + " AND (\(acceptedAt) < \(place.acceptedAt) OR (\(acceptedAt) = \(place.acceptedAt) AND id < \(place.id)))"
        }
        return try await services.database.read { [condition, acceptedAt] connection in
            try connection.rows(
                """
                SELECT \(ReplenishmentRow.columns) FROM \(ReplenishmentRow.tables) WHERE \(condition)
                ORDER BY \(acceptedAt) DESC, id DESC LIMIT \(limit)
                """
            ) { row in try ReplenishmentRow(row, recalling: services.recollection) }
        }
    }

    /// One recommendation with the decision that it stands on.
    package struct Detail: Sendable {
        package let row: ReplenishmentRow
        package let decision: Decision?
        package let approvals: [Approval]
    }

    /// - Throws: `input.notFound`, also when it is outside `scope`.
    package func detail(_ id: ID<Recommendation>, scope: SQL = "1 = 1") async throws -> Detail {
        let now = services.clock.now()
        return try await services.database.read { connection in
            let ledger = Ledger(connection: connection, now: now, services: services)
            guard let row = try ledger.rows("WHERE id = \(id) AND \(scope)").first else {
                throw Fault.notFound("Recommendation \(id)")
            }
            let decision = try ledger.decision(of: row)
            return Detail(row: row, decision: decision, approvals: try decision.map { try ledger.approvals(of: $0.id) } ?? [])
        }
    }
}
