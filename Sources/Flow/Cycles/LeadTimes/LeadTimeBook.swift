import CanonicalModel
import CanonicalStore
import Planning
import Replenishment
import Storage
import Vocabulary

/// What receipts say of the lead times of some positions' suppliers.
struct LeadTimeBook: Sendable {
    private var own: [Position: [ReceivedLine]] = [:]
    private var deliveries: [ID<Supplier>: [ReceivedLine]] = [:]

    /// Older receipts weigh next to nothing.
    private static let rememberedDays = 730
    /// With so many of its own a lead time needs no help from what else the supplier delivered.
    private static let enough = 8

    init(_ positions: [DecisionFacts], on connection: any Connection) throws {
        // Where there are no suppliers there is nothing to measure.
        let bought = positions.filter { !$0.position.sourcings.isEmpty }
        guard let earliest = bought.map(\.today).min() else { return }
        let since = earliest.adding(days: -Self.rememberedDays)
        own = try ReceivedLines.at(bought.map(Self.place), since: since, on: connection)
        var unsure: Set<ID<Supplier>> = []
        for facts in bought {
            let receipts = own[Self.place(facts)] ?? []
            for sourcing in facts.position.sourcings {
                let supplier = sourcing.sourcing.supplier
                if receipts.count(where: { $0.supplier == supplier }) < Self.enough { unsure.insert(supplier) }
            }
        }
        deliveries = try ReceivedLines.of(unsure, since: since, on: connection)
    }

    private static func place(_ facts: DecisionFacts) -> Position {
        Position(facts.position.item.id, facts.position.location.id)
    }

    /// How long the goods of a sourcing take to a location.
    func leadTime(_ sourcing: Sourcing, at location: ID<Location>, today: BusinessDate) throws(PolicyError) -> MeasuredLeadTime {
        let receipts = (own[Position(sourcing.item, location)] ?? []).filter { $0.supplier == sourcing.supplier }
        // What is dated after today cannot be remembered yet.
        let dated = receipts.filter { $0.days >= 0 && $0.receivedOn <= today }
        let others = (deliveries[sourcing.supplier] ?? []).filter { $0.days >= 0 && $0.receivedOn <= today }
        return try MeasuredLeadTime(
            own: dated.map { OrderReceipt(days: Double($0.days), ageDays: $0.age(today)) },
            supplier: others.compactMap { receipt in
                receipt.statedDays.map {
                    .init(days: Double(receipt.days), statedDays: $0, ageDays: receipt.age(today))
                }
            },
            misdated: receipts.count - dated.count,
            stated: LeadTime(mean: sourcing.leadTimeDays, deviation: sourcing.leadTimeDeviation))
    }
}

extension ReceivedLine {
    fileprivate func age(_ today: BusinessDate) -> Double { Double(today.days(since: receivedOn)) }
}
