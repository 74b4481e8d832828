import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// Plans what several locations lack of an item at once: two that are each served best from the same donor cannot both have it.
///
/// What is planned is recommended like all else, and held against the live figures before it is done.
struct NetworkPlanning {
    typealias Goods = (maker: RecommendationMaker, need: GoodsNeed)

    private let rule: AllocationRule
    /// What each location will keep by its new policy.
    private let advised: [PositionKey: Quantity]

    init(_ rule: AllocationRule, _ makers: [RecommendationMaker]) {
        self.rule = rule
        advised = Dictionary(makers.map { ($0.position, $0.advice.levels.reorderPoint) }) { first, _ in first }
    }

    /// Flows that the search for one item may solve. A flow takes longer the more locations lack the item, and where goods are
    /// scarce what the later ones still save is little: so the time of an item hardly grows with its needs.
    private static func limit(_ needs: Int) -> Int { max(10, 300 / max(1, needs)) }

    /// The same goods, each with its place in the plan of its item; those that no plan serves are left as they are.
    func plan(_ goods: [Goods]) -> [Goods] {
        guard let sharing = rule.sharing else { return goods }
        var planned = goods
        for (_, places) in Dictionary(grouping: goods.indices, by: { goods[$0].maker.position.item }).sorted(by: {
            $0.key < $1.key
        }) {
            let chosen = places.sorted { goods[$0].maker.position.location < goods[$1].maker.position.location }
            guard let network = try? ItemNetwork(chosen.map { goods[$0] }, advised, sharing) else { continue }
            let plan = AllocationPlan(network.network, limit: Self.limit(chosen.count))
            for (need, place) in chosen.enumerated() { network.assign(plan, need, to: &planned[place]) }
        }
        return planned
    }
}

/// One item's needs, sources and routes, with what is needed to say what they are.
private struct ItemNetwork {
    private(set) var network: SupplyNetwork
    private let currency: CurrencyCode
    /// Of each route, in the order of the network's.
    private let options: [SourceOption]

    init(_ goods: [NetworkPlanning.Goods], _ advised: [PositionKey: Quantity], _ sharing: Sharing) throws {
        var sources: [NetworkSource] = []
        var places: [String: Int] = [:]
        var needs: [NetworkNeed] = []
        var routes: [SupplyRoute] = []
        var options: [SourceOption] = []
        for (index, (maker, need)) in goods.enumerated() {
            let facts = maker.facts
            let found = try SourceFinder(facts: facts, capRule: facts.position.policy?.capRule ?? .allowOver).sources()
            let value = facts.position.item.unitCost?.double ?? found.map(\.option.unitCost).max() ?? 0
            let dearest = found.map { $0.option.unitCost + $0.option.fixedCost }.max() ?? 1
            needs.append(
                NetworkNeed(
                    name: maker.position.location.rawValue, quantity: need.quantity.scaled,
                    // Leaving a need is never worth it while somebody can serve it.
                    unmetCost: min(SupplyNetwork.dearest / 10, 10 * max(1, dearest, value))))
            for source in found {
                let option = source.option
                let key = "\(option.kind.rawValue)|\(option.name)"
                let available = option.available.map { Self.free($0, source, maker, advised) }
                if let place = places[key] {
                    // The same donor is seen alike from everywhere; should it not be, the least counts.
                    sources[place] = NetworkSource(
                        kind: option.kind, name: option.name,
                        available: [sources[place].available, available].compactMap(\.self).min())
                } else {
                    places[key] = sources.count
                    sources.append(NetworkSource(kind: option.kind, name: option.name, available: available))
                }
                routes.append(Self.route(option, from: places[key] ?? 0, to: index, need, facts, value))
                options.append(option)
            }
        }
        network = try SupplyNetwork(sources: sources, needs: needs, routes: routes, sharing: sharing)
        self.options = options
        currency = goods.first?.maker.facts.rates.currency ?? "USD"
    }

    /// What a donor can spare once its new policy holds, if that keeps more than the present one.
    private static func free(
        _ available: Int64, _ source: Source, _ maker: RecommendationMaker, _ advised: [PositionKey: Quantity]
    ) -> Int64 {
        guard case .location(let lane) = source.origin,
            let next = advised[PositionKey(item: maker.position.item, location: lane.origin)]
        else { return available }
        let donor = maker.facts.position.donors.first { $0.location.id == lane.origin }
        let now = donor?.policy.map { max($0.levels.reorderPoint, $0.levels.safetyStock) } ?? .zero
        return max(0, available - max(0, next.scaled - now.scaled))
    }

    private static func route(
        _ option: SourceOption, from source: Int, to index: Int, _ need: GoodsNeed, _ facts: DecisionFacts, _ value: Double
    ) -> SupplyRoute {
        let due = Double(need.neededBy.days(since: facts.today))
        let holding = option.itemValue * option.holdingRate / 365
        let late = max(0, option.leadTimeDays - due) * value * facts.rates.latenessRate
        let daily = facts.position.forecast.map { ($0.mean.first ?? 0) / Double($0.periodDays) } ?? 0
        let wasted = max(option.unitCost, option.itemValue)
        let lot = Double(option.lotRules.multiple) / 1_000_000
        let melting = daily > 0 ? min(wasted, lot / daily / 2 * holding) : wasted
        return SupplyRoute(
            source: source, need: index,
            unitCost: option.unitCost + option.leadTimeDays * holding + late + option.donorRiskPerUnit,
            fixedCost: option.fixedCost, surplusCost: melting, leadTimeDays: option.leadTimeDays, lotRules: option.lotRules,
            obstacle: option.obstacle)
    }

    /// Gives a need the source that the plan has for it, with what the plan rejected.
    ///
    /// A recommendation becomes one document, so of several sources it is given the one that brings the most, where that lifts
    /// the position above its reorder point: the rest is there to be seen by the next cycle.
    func assign(_ plan: AllocationPlan, _ need: Int, to goods: inout NetworkPlanning.Goods) {
        let shipments = plan.shipments.filter { network.routes[$0.route].need == need }.sorted { $0.needed > $1.needed }
        guard let main = shipments.first else { return }
        let brought = Quantity(scaled: main.needed)
        if brought < goods.need.quantity {
            let isScarce = plan.unmet[need] > 0
            let stock = (try? goods.need.cover.position + brought) ?? .zero
            guard isScarce || stock > goods.maker.advice.levels.reorderPoint else { return }
            goods.need.quantity = brought
        }
        let option = options[main.route]
        let others = shipments.dropFirst().map { shipment in
            PlannedSource.Rejected(
                name: name(shipment.route), cost: try? Money(rounding: shipment.cost),
                reason: "brings \(Quantity(scaled: shipment.needed)) more by the plan, which the next cycle looks at")
        }
        let rejected = plan.rejected.filter { network.routes[$0.route].need == need }.map { route in
            PlannedSource.Rejected(
                name: name(route.route), cost: route.cost.flatMap { try? Money(rounding: $0) }, reason: reason(route.reason))
        }
        goods.need.plan = PlannedSource(
            kind: option.kind == .transfer ? .transfer : .purchase, from: option.name,
            cost: try? Money(rounding: main.cost), rejected: Array((others + rejected).prefix(Self.shown)),
            isExact: plan.isExact)
    }

    /// A person reads a few; the rest differ little.
    private static let shown = 6

    private func name(_ route: Int) -> String { "\(options[route].kind.rawValue) from \(options[route].name)" }

    private func reason(_ reason: RejectedRoute.Reason) -> String {
        switch reason {
        case .infeasible(let obstacle): obstacle
        case .dearer(let difference): "dearer by \(shown(difference))"
        case .neededElsewhere(let saving): "cheaper here by \(shown(saving)), but its goods save more elsewhere"
        case .notWorthIt(let difference): "dearer by \(shown(difference)) than leaving the need"
        }
    }

    private func shown(_ amount: Double) -> String { "\((amount * 10).rounded() / 10) \(currency.rawValue)" }
}

extension AllocationRule {
    /// How scarce goods are shared; nil when nothing is planned over the network.
    fileprivate var sharing: Sharing? {
        switch self {
        case .off: nil
        case .cheapest: .cheapest
        case .fair: .fair
        }
    }
}
