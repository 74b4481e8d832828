/// Goods that one route brings.
public struct Shipment: Sendable, Hashable, Codable {
    /// Index into the network's routes.
    public let route: Int
    /// Millionths of a unit that meet the need.
    public let needed: Int64
    /// Millionths of a unit that are ordered or shipped, by the lot rules.
    public let quantity: Int64
    /// Currency: goods, order and surplus.
    public let cost: Double
}

/// A route that brings nothing, and why.
public struct RejectedRoute: Sendable, Hashable, Codable {
    public enum Reason: Sendable, Hashable, Codable {
        case infeasible(String)
        /// It would have cost so much more to serve from it what the plan serves from elsewhere.
        case dearer(by: Double)
        /// Taken alone it would have been cheaper by so much, but its goods save more elsewhere.
        case neededElsewhere(saving: Double)
        /// The need is not worth serving from it: leaving it unmet costs less.
        case notWorthIt(by: Double)
    }

    /// Index into the network's routes.
    public let route: Int
    /// Of serving from it alone all that the need is served; nil when it cannot.
    public let cost: Double?
    public let reason: Reason
}

/// The cheapest way found to serve the needs of one item over a network.
public struct AllocationPlan: Sendable, Hashable, Codable {
    /// In the order of the network's routes.
    public let shipments: [Shipment]
    /// Millionths of a unit, shape `[needs]`.
    public let unmet: [Int64]
    /// Shipments, currency.
    public let cost: Double
    /// What is left unmet, at its cost, currency.
    public let unmetCost: Double
    public let rejected: [RejectedRoute]
    /// No plan is cheaper (in the grid of the quantities in play). Otherwise the search was cut off.
    public let isExact: Bool
    /// What a better plan could save at most, as a share of what this one counts in the search; 0 when exact.
    public let gap: Double
    /// Flows that were solved.
    public let steps: Int

    /// Bounds the time. Most small networks need fewer; many locations with fixed costs and too little for all need more than
    /// anyone would wait for, and then `gap` says what the plan may miss.
    public static let standardLimit = 500

    /// - Parameter limit: flows to solve at most; the time is bounded by it.
    public init(_ network: SupplyNetwork, limit: Int = AllocationPlan.standardLimit) {
        var search = AllocationSearch(network)
        search.run(limit: max(1, limit))
        let amounts = search.best.amounts
        var unmet = network.needs.map(\.quantity)
        var shipments: [Shipment] = []
        for (route, amount) in amounts.enumerated() where amount > 0 {
            guard let cost = search.costs[route] else { continue }
            unmet[network.routes[route].need] -= amount * search.grid
            shipments.append(
                Shipment(
                    route: route, needed: amount * search.grid, quantity: cost.lot(amount) * search.grid,
                    cost: cost.cost(of: amount)))
        }
        self.shipments = shipments
        self.unmet = unmet
        cost = shipments.reduce(0) { $0 + $1.cost }
        unmetCost = zip(network.needs, unmet).reduce(0) { $0 + $1.0.unmetCost * Double($1.1) / 1_000_000 }
        let missed = max(0, search.best.cost - search.lowerBound)
        gap = missed > 1e-8 * max(1, abs(search.best.cost)) ? missed / max(abs(search.best.cost), 1e-9) : 0
        isExact = gap == 0
        steps = search.steps
        rejected = network.routes.indices.filter { amounts[$0] == 0 }.map { route in
            RejectedRoute(route, search, shipments, unmet: unmet)
        }
    }
}

extension RejectedRoute {
    init(_ route: Int, _ search: AllocationSearch, _ shipments: [Shipment], unmet: [Int64]) {
        self.route = route
        let network = search.network
        let need = network.routes[route].need
        guard let costs = search.costs[route] else {
            cost = nil
            reason = .infeasible(search.obstacles[route] ?? "it cannot be used")
            return
        }
        let serving = shipments.filter { network.routes[$0.route].need == need }
        let served = serving.reduce(0) { $0 + $1.needed }
        let paid = serving.reduce(0) { $0 + $1.cost }
        let amount = served > 0 ? served : unmet[need]
        guard amount / search.grid <= costs.largest else {
            cost = nil
            reason = .infeasible("it can bring at most \(units(costs.largest * search.grid)) of \(units(amount))")
            return
        }
        let alone = costs.cost(of: amount / search.grid)
        cost = alone
        let against = served > 0 ? paid : network.needs[need].unmetCost * Double(amount) / 1_000_000
        if alone < against - 1e-9 * max(1, against) {
            reason = .neededElsewhere(saving: against - alone)
        } else {
            reason = served > 0 ? .dearer(by: alone - against) : .notWorthIt(by: alone - against)
        }
    }
}
