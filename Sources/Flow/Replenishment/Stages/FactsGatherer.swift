import CanonicalModel
import CanonicalStore
import ConnectorKit
import Governance
import Storage
import Vocabulary

/// Reads what a decision looks at, for many recommendations in a few statements.
package struct FactsGatherer {
    let connection: any Connection
    let now: Instant
    let rates: CostRates

    package init(connection: any Connection, now: Instant, rates: CostRates) {
        self.connection = connection
        self.now = now
        self.rates = rates
    }

    /// What an item and a location are to us; or why nothing can be said about them.
    package enum Gathered {
        case facts(DecisionFacts)
        case missing(String)
    }

    /// - Returns: one for each row, in order.
    func gather(for rows: [ReplenishmentRow]) throws -> [Gathered] {
        let gathered = try gather(
            for: rows.map { PositionKey(item: $0.recommendation.item, location: $0.recommendation.location) }, but: rows.map(\.id)
        )
        let fallbacks = try fallbacks(of: rows.map(\.recommendation))
        guard !fallbacks.isEmpty else { return gathered }
        return zip(rows, gathered).map { row, gathered in
            guard case .facts(let facts) = gathered, let fallback = fallbacks[row.id] else { return gathered }
            return .facts(facts.assuming(fallback))
        }
    }

    /// The fallback forecasts that provisional recommendations were made on, where they are still there.
    private func fallbacks(of recommendations: [Recommendation]) throws -> [ID<Recommendation>: Forecast] {
        let provisional = recommendations.filter(\.isProvisional)
        guard !provisional.isEmpty else { return [:] }
        let stored = try Records<Forecast>.get(provisional.map(\.sourceForecast), on: connection)
        return provisional.reduce(into: [:]) { found, recommendation in
            guard let forecast = stored[recommendation.sourceForecast]?.entity,
                forecast.version == recommendation.assumptions.forecastVersion
            else { return }
            found[recommendation.id] = forecast
        }
    }

    /// - Parameter but: for each position the recommendation whose own action is not counted, if there is one.
    package func gather(for pairs: [PositionKey], but ids: [ID<Recommendation>]? = nil) throws -> [Gathered] {
        let positions = try PositionFacts.read(for: pairs.map { ($0.item, $0.location) }, on: connection, at: now)
        return try zip(pairs.indices, positions).map { index, position in
            let (pair, id) = (pairs[index], ids?[index] ?? "")
            switch position {
            case .missing(let missing): return .missing(missing.message)
            case .facts(let facts):
                return .facts(
                    DecisionFacts(
                        position: facts, today: facts.location.timeZone.date(at: now), pending: try pending(for: pair, but: id),
                        promised: try promised(by: facts.donors.map(\.location.id), item: pair.item, but: id), rates: rates))
            }
        }
    }

    /// Goods that we asked for and that no supply line shows yet, other than by this recommendation itself.
    private func pending(for pair: PositionKey, but id: ID<Recommendation>) throws -> [PendingSupply] {
        try connection.rows(
            """
            SELECT r.reference, r.goods, r.due_on, r.origin FROM replenishment r
            WHERE r.item = \(pair.item) AND r.location = \(pair.location) AND r.id <> \(id)
                AND (r.state IN ('approved', 'inflight', 'unknown', 'done') OR \(mayBeThere)) AND r.goods IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM supply_line s WHERE s.reference = r.reference)
            ORDER BY r.reference
            """
        ) { row in
            PendingSupply(reference: try row[0], quantity: try row[1], dueOn: try row[2], origin: try row[3])
        }
    }

    /// What our own transfers will take from each donor and its feed does not show yet.
    private func promised(by donors: [ID<Location>], item: ID<Item>, but id: ID<Recommendation>) throws -> [String: Quantity] {
        guard !donors.isEmpty else { return [:] }
        let sums = try connection.rows(
            """
            SELECT r.origin, CAST(SUM(r.goods) AS BIGINT) FROM replenishment r
            WHERE r.origin IN (\(list: donors)) AND r.item = \(item) AND r.id <> \(id)
                AND (r.state IN ('approved', 'inflight', 'unknown', 'done') OR \(mayBeThere))
                AND NOT EXISTS (SELECT 1 FROM supply_line s WHERE s.reference = r.reference)
            GROUP BY r.origin
            """
        ) { row in (try row[0] as String, try row[1] as Quantity) }
        return Dictionary(sums) { first, _ in first }
    }
}

/// An item at a location: where stock is planned.
package struct PositionKey: Codable, Hashable, Sendable {
    package let item: ID<Item>
    package let location: ID<Location>

    package init(item: ID<Item>, location: ID<Location>) {
        self.item = item
        self.location = location
    }
}
