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

extension FactsGatherer {
    /// The lead times of all suppliers of all positions that have a policy or a forecast.
    ///
    /// - Parameters:
    ///   - after: the `next` of the page before.
    ///   - limit: how many positions to look at; a position has as many lead times as suppliers.
    ///   - condition: on the position (`t`), its location (`l`) and its item (`i`).
    package func leadTimes(
        after: PositionKey?, limit: Int, where condition: SQL
    ) throws -> (leadTimes: [SourcingLeadTime], next: PositionKey?) {
        let page = try planned(after: after, limit: limit, where: condition)
        let book = try LeadTimeBook(page.facts, on: connection)
        let found = try page.facts.flatMap { facts in
            try facts.position.sourcings.map(\.sourcing).map { sourcing in
                SourcingLeadTime(
                    sourcing, facts, try book.leadTime(sourcing, at: facts.position.location.id, today: facts.today))
            }
        }
        return (found, page.next)
    }
}
