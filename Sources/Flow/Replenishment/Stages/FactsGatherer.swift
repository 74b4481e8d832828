import CanonicalModel
import CanonicalStore
import ConnectorKit
import Governance
import Storage
import Vocabulary

/// Reads what a decision looks at, for many recommendations in a few statements.
package struct FactsGatherer {
    package let connection: any Connection
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

        package var facts: DecisionFacts? { if case .facts(let facts) = self { facts } else { nil } }
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
        let pending = try pending(for: Set(pairs))
        let donors = zip(pairs, positions).flatMap { pair, position in
            (position.facts?.donors ?? []).map { PositionKey(item: pair.item, location: $0.location.id) }
        }
        let promised = try promised(by: Set(donors))
        return try zip(pairs.indices, positions).map { index, position in
            let (pair, id) = (pairs[index], ids?[index] ?? "")
            switch position {
            case .missing(let missing): return .missing(missing.message)
            case .facts(let facts):
                var sums: [String: Quantity] = [:]
                for donor in facts.donors {
                    let key = PositionKey(item: pair.item, location: donor.location.id)
                    let others = (promised[key] ?? []).filter { $0.recommendation != id }
                    if !others.isEmpty { sums[donor.location.id.rawValue] = try Quantity.sum(others.map(\.quantity)) }
                }
                return .facts(
                    DecisionFacts(
                        position: facts, today: facts.location.timeZone.date(at: now),
                        pending: (pending[pair] ?? []).filter { $0.recommendation != id }.map(\.supply), promised: sums,
                        rates: rates))
            }
        }
    }

    /// Goods that we asked for and that no supply line shows yet.
    private func pending(
        for positions: Set<PositionKey>
    ) throws -> [PositionKey: [(recommendation: ID<Recommendation>, supply: PendingSupply)]] {
        guard !positions.isEmpty else { return [:] }
        let found = try connection.rows(
            """
            WITH wanted (wanted_item, wanted_location) AS (\(rows: positions.map(\.columns)))
            SELECT r.goods_item, r.goods_location, r.id, c.reference, r.goods, r.due_on, r.origin
            FROM wanted CROSS JOIN replenishment r JOIN recommendation c ON c.id = r.id
            WHERE r.goods_item = wanted_item AND r.goods_location = wanted_location
                AND (r.state IN ('approved', 'inflight', 'unknown', 'done') OR \(mayBeThere)) AND r.goods IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM supply_line s WHERE s.reference = c.reference)
            ORDER BY c.reference
            """
        ) { row in
            (
                position: PositionKey(item: try row[0], location: try row[1]), recommendation: try row[2] as ID<Recommendation>,
                supply: PendingSupply(reference: try row[3], quantity: try row[4], dueOn: try row[5], origin: try row[6])
            )
        }
        return Dictionary(grouping: found, by: \.position).mapValues { $0.map { ($0.recommendation, $0.supply) } }
    }

    /// What our own transfers will take from each donor and its feed does not show yet.
    private func promised(
        by donors: Set<PositionKey>
    ) throws -> [PositionKey: [(recommendation: ID<Recommendation>, quantity: Quantity)]] {
        guard !donors.isEmpty else { return [:] }
        let found = try connection.rows(
            """
            WITH wanted (wanted_item, wanted_location) AS (\(rows: donors.map(\.columns)))
            SELECT r.goods_item, r.origin, r.id, r.goods
            FROM wanted CROSS JOIN replenishment r JOIN recommendation c ON c.id = r.id
            WHERE r.origin = wanted_location AND r.goods_item = wanted_item AND r.goods IS NOT NULL
                AND (r.state IN ('approved', 'inflight', 'unknown', 'done') OR \(mayBeThere))
                AND NOT EXISTS (SELECT 1 FROM supply_line s WHERE s.reference = c.reference)
            """
        ) { row in
            (
                position: PositionKey(item: try row[0], location: try row[1]), recommendation: try row[2] as ID<Recommendation>,
                quantity: try row[3] as Quantity
            )
        }
        return Dictionary(grouping: found, by: \.position).mapValues { $0.map { ($0.recommendation, $0.quantity) } }
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

    var columns: [SQLValue] { [item.sqlValue, location.sqlValue] }
}
