import CanonicalModel
import Planning
import Replenishment
import Storage
import Vocabulary

/// How long one supplier takes to bring an item to a location: what is stated, what receipts show, and what counts.
package struct SourcingLeadTime: Encodable, Sendable {
    package let item: ID<Item>
    package let location: ID<Location>
    package let supplier: ID<Supplier>
    /// What plans are made on, days.
    package let days: Double
    package let deviation: Double
    package let source: MeasuredLeadTime.Source
    /// How many receipts it stands on.
    package let receipts: Int
    package let newestReceiptOn: BusinessDate?
    package let statedDays: Double
    package let statedDeviation: Double
    /// Measurements that are not believed, and why.
    package let doubts: [String]

    init(_ sourcing: Sourcing, _ facts: DecisionFacts, _ measured: MeasuredLeadTime) {
        item = sourcing.item
        location = facts.position.location.id
        supplier = sourcing.supplier
        days = measured.leadTime.mean
        deviation = measured.leadTime.deviation
        source = measured.source
        receipts = measured.receipts
        newestReceiptOn = measured.newestAgeDays.map { facts.today.adding(days: -Int($0)) }
        statedDays = measured.stated.mean
        statedDeviation = measured.stated.deviation
        doubts = measured.doubts
    }
}

/// The lead times of all suppliers of all positions that have a policy or a forecast.
package struct LeadTimeList {
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
    ///   - limit: how many positions to look at; a position has as many lead times as suppliers.
    ///   - condition: on the position (`t`), its location (`l`) and its item (`i`).
    package func page(
        after: PositionKey?, limit: Int, where condition: SQL
    ) throws -> (leadTimes: [SourcingLeadTime], next: PositionKey?) {
        let keys = try PlannedPositions.page(after: after, limit: limit, where: condition, on: connection)
        let facts = try FactsGatherer(connection: connection, now: now, rates: rates).gather(for: keys).compactMap { gathered in
            if case .facts(let facts) = gathered { facts } else { nil as DecisionFacts? }
        }
        let book = try LeadTimeBook(facts, on: connection)
        let found = try facts.flatMap { facts in
            try facts.position.sourcings.map(\.sourcing).map { sourcing in
                SourcingLeadTime(
                    sourcing, facts, try book.leadTime(sourcing, at: facts.position.location.id, today: facts.today))
            }
        }
        return (found, keys.count < limit ? nil : keys.last)
    }
}
