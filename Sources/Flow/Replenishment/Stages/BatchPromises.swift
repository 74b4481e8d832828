import CanonicalModel
import Governance
import Vocabulary

/// The goods that decisions of one batch have promised, for those that are decided after them in the same transaction.
struct BatchPromises {
    private var made: [(recommendation: ID<Recommendation>, position: PositionKey, supply: PendingSupply)] = []
    private var items: Set<ID<Item>> = []

    mutating func note(_ placement: Placement) {
        guard placement.isApproved, let goods = placement.goods else { return }
        let row = placement.row
        items.insert(row.recommendation.item)
        made.append(
            (
                row.id, PositionKey(item: row.recommendation.item, location: row.recommendation.location),
                PendingSupply(
                    reference: row.reference.rawValue, quantity: goods.quantity, dueOn: goods.dueOn,
                    origin: placement.decision.action?.origin)
            ))
    }

    /// The facts with what was promised since they were read.
    func added(to facts: DecisionFacts, but id: ID<Recommendation>) throws -> DecisionFacts {
        let item = facts.position.item.id
        guard items.contains(item) else { return facts }
        let others = made.filter { $0.position.item == item && $0.recommendation != id }
        let here = others.filter { $0.position.location == facts.position.location.id }.map(\.supply)
        var promised = facts.promised
        let donors = Set(facts.position.donors.map(\.location.id))
        for promise in others {
            guard let origin = promise.supply.origin, donors.contains(origin) else { continue }
            promised[origin.rawValue] = try (promised[origin.rawValue] ?? .zero) + promise.supply.quantity
        }
        return DecisionFacts(
            position: facts.position, today: facts.today,
            pending: (facts.pending + here).sorted { $0.reference < $1.reference }, promised: promised, rates: facts.rates,
            assumedForecast: facts.assumedForecast)
    }
}
