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
        let keys = try PlannedPositions.page(after: after, limit: limit, where: condition, on: connection)
        guard !keys.isEmpty else { return ([], nil) }
        let gathered = try FactsGatherer(connection: connection, now: now, rates: rates).gather(for: keys)
        let outlooks = try gathered.compactMap { gathered in
            guard case .facts(let facts) = gathered else { return nil as PositionOutlook? }
            return try PositionOutlook(facts)
        }
        return (outlooks, keys.count < limit ? nil : keys.last)
    }
}
