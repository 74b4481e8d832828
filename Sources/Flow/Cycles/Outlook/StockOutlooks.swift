import CanonicalModel
import Replenishment
import Storage
import Vocabulary

/// The outlooks of all positions that have a policy or a forecast, in the order of item and location.
package struct StockOutlooks {
    let connection: any Connection
    let now: Instant
    let rates: CostRates

    package init(connection: any Connection, now: Instant, rates: CostRates) {
        self.connection = connection
        self.now = now
        self.rates = rates
    }

    /// - Parameters:
    ///   - after: the `next` of the page before.
    ///   - limit: how many positions to look at, of items that are not retired at locations in use.
    ///   - condition: on the position (`t`), its location (`l`) and its item (`i`).
    package func page(
        after: PositionKey?, limit: Int, where condition: SQL
    ) throws -> (outlooks: [PositionOutlook], next: PositionKey?) {
        let keys = try connection.rows(
            """
            SELECT p.item, p.location
            FROM (\(branch("inventory_policy", after, limit, condition)) UNION \(branch("forecast", after, limit, condition))) p
            ORDER BY p.item, p.location LIMIT \(limit)
            """
        ) { row in PositionKey(item: try row[0], location: try row[1]) }
        guard !keys.isEmpty else { return ([], nil) }
        let gathered = try FactsGatherer(connection: connection, now: now, rates: rates).gather(for: keys)
        let outlooks = try gathered.compactMap { gathered in
            guard case .facts(let facts) = gathered else { return nil as PositionOutlook? }
            return try PositionOutlook(facts)
        }
        return (outlooks, keys.count < limit ? nil : keys.last)
    }

    private func branch(_ table: String, _ after: PositionKey?, _ limit: Int, _ condition: SQL) -> SQL {
        let beyond: SQL = after.map { "AND (t.item, t.location) > (\($0.item), \($0.location))" } ?? ""
        return """
            SELECT * FROM (
                SELECT DISTINCT t.item, t.location FROM \(identifier: table) t JOIN location l ON l.id = t.location
                    JOIN item i ON i.id = t.item
                WHERE l.is_active = 1 AND i.is_retired = 0 AND \(condition) \(beyond)
                ORDER BY t.item, t.location LIMIT \(limit)) \(identifier: "some_\(table)")
            """
    }
}
