/// Finds the cheapest amounts on all routes: branch and bound over the routes' jumps, each step a min-cost flow.
///
/// Best bound first. Every step also gives a plan that can be carried out, so that the search may end at any time with the best
/// one and a bound on what it misses. Source: Land & Doig (1960), Econometrica 28(3); the fixed charge spread over the most that
/// a route can carry as in Balinski (1961), Naval Research Logistics Quarterly 8(1).
struct AllocationSearch {
    let network: SupplyNetwork
    let grid: Int64
    let costs: [RouteCost?]
    let obstacles: [String?]
    private let penalty: UnmetPenalty
    /// Grid steps.
    private let available: [Int64]

    private(set) var best: (amounts: [Int64], cost: Double)
    private(set) var lowerBound = 0.0
    private(set) var steps = 0

    private struct Branch {
        let bound: Double
        let amounts: [Int64]
        let decided: [RouteCost.Decided]
    }

    init(_ network: SupplyNetwork) {
        self.network = network
        let grid = Self.grid(of: network)
        self.grid = grid
        let made = network.routes.map { RouteCost.make($0, in: network, grid: grid) }
        costs = made.map { try? $0.get() }
        obstacles = made.map { if case .failure(let obstacle) = $0 { obstacle.text } else { nil } }
        penalty = UnmetPenalty(network, costs, grid: grid)
        available = network.sources.map { ($0.available ?? .max / 4) / grid }
        best = (network.routes.map { _ in 0 }, 0)
        best.cost = cost(of: best.amounts) ?? .infinity
    }

    /// The largest step of which every quantity in play is a whole multiple.
    private static func grid(of network: SupplyNetwork) -> Int64 {
        var step: Int64 = 0
        func join(_ quantity: Int64) {
            var (large, small) = (step, quantity)
            while small != 0 { (large, small) = (small, large % small) }
            step = large
        }
        for need in network.needs { join(need.quantity) }
        for source in network.sources { join(source.available ?? 0) }
        for route in network.routes {
            let rules = route.lotRules
            join(rules.smallest)
            if rules.multiple > 1 { join(rules.multiple) }
            if rules.maximum != nil { join(rules.largest) }
        }
        return max(1, step)
    }

    /// - Parameter limit: flows to solve at most.
    mutating func run(limit: Int) {
        var open: [Branch] = []
        let start = costs.map { RouteCost.Decided(ceiling: $0?.largest ?? 0) }
        if let root = solve(start) { open.append(root) }
        while let branch = open.popLast() {
            lowerBound = branch.bound
            guard branch.bound < best.cost - tolerance else { break }
            guard steps < limit else { return }
            guard let (route, split) = choose(branch) else { continue }
            for decided in [split.less, split.more] {
                var next = branch.decided
                next[route] = decided
                guard let child = solve(next), child.bound < best.cost - tolerance else { continue }
                // Sorted by falling bound; among equals the newest is taken first.
                var (low, high) = (0, open.count)
                while low < high {
                    let middle = (low + high) / 2
                    if open[middle].bound >= child.bound { low = middle + 1 } else { high = middle }
                }
                open.insert(child, at: low)
            }
        }
        lowerBound = best.cost
    }

    /// Sums of decimals in another order differ by less than this.
    private var tolerance: Double { 1e-9 * max(1, abs(best.cost)) }

    /// The route whose relaxed cost is farthest from its true one, or that draws more than its source has.
    private func choose(_ branch: Branch) -> (Int, (more: RouteCost.Decided, less: RouteCost.Decided))? {
        let drawn = self.drawn(branch.amounts)
        var chosen: (gap: Double, route: Int, split: (more: RouteCost.Decided, less: RouteCost.Decided))?
        for (route, amount) in branch.amounts.enumerated() where amount > 0 {
            guard let cost = costs[route], let split = cost.split(at: amount, branch.decided[route]) else { continue }
            var gap = cost.cost(of: amount) - cost.relaxedCost(of: amount, branch.decided[route])
            let source = network.routes[route].source
            if drawn[source] > available[source], cost.lot(amount) > amount { gap += 1e15 }
            if gap > chosen?.gap ?? 0 { chosen = (gap, route, split) }
        }
        return chosen.map { ($0.route, $0.split) }
    }

    private func drawn(_ amounts: [Int64]) -> [Int64] {
        var drawn = [Int64](repeating: 0, count: available.count)
        for (route, amount) in amounts.enumerated() where amount > 0 {
            drawn[network.routes[route].source] += costs[route]?.lot(amount) ?? 0
        }
        return drawn
    }

    /// True cost of a plan, sharing included; nil when a source has less than it draws.
    private func cost(of amounts: [Int64]) -> Double? {
        guard zip(drawn(amounts), available).allSatisfy({ $0 <= $1 }) else { return nil }
        var unmet = network.needs.map { $0.quantity / grid }
        var sum = 0.0
        for (route, amount) in amounts.enumerated() where amount > 0 {
            unmet[network.routes[route].need] -= amount
            sum += costs[route]?.cost(of: amount) ?? 0
        }
        return unmet.enumerated().reduce(sum) { $0 + penalty.cost(of: $1.element, need: $1.offset) }
    }

    /// Takes begun lots back from sources that have too little, so that the plan can be carried out.
    private func mended(_ amounts: [Int64]) -> [Int64] {
        var (amounts, drawn) = (amounts, drawn(amounts))
        for route in amounts.indices.reversed() where amounts[route] > 0 {
            let source = network.routes[route].source
            guard drawn[source] > available[source], let cost = costs[route], cost.lot(amounts[route]) > amounts[route] else {
                continue
            }
            drawn[source] -= cost.lot(amounts[route])
            let whole = amounts[route] / cost.multiple * cost.multiple
            amounts[route] = whole >= cost.smallest ? whole : 0
            drawn[source] += cost.lot(amounts[route])
        }
        return amounts
    }
}

extension AllocationSearch {
    /// Solves one branch's relaxed problem and keeps the plan that it gives; nil when it promises more than there is.
    private mutating func solve(_ decided: [RouteCost.Decided]) -> Branch? {
        steps += 1
        var rest = available
        for (route, one) in decided.enumerated() { rest[network.routes[route].source] -= one.floor }
        guard rest.allSatisfy({ $0 >= 0 }) else { return nil }
        let amounts = flow(decided, rest)
        var unmet = network.needs.map { $0.quantity / grid }
        var bound = 0.0
        for (route, amount) in amounts.enumerated() {
            unmet[network.routes[route].need] -= amount
            bound += costs[route]?.relaxedCost(of: amount, decided[route]) ?? 0
        }
        for (need, steps) in unmet.enumerated() { bound += penalty.cost(of: steps, need: need) }
        let plan = mended(amounts)
        if let cost = cost(of: plan), cost < best.cost - tolerance { best = (plan, cost) }
        return Branch(bound: bound, amounts: amounts, decided: decided)
    }

    private func flow(_ decided: [RouteCost.Decided], _ rest: [Int64]) -> [Int64] {
        let (sources, needs) = (network.sources.count, network.needs.count)
        let (start, end) = (sources + needs, sources + needs + 1)
        var flow = NetworkFlow(nodes: sources + needs + 2)
        let scale = self.scale(decided)
        func whole(_ cost: Double) -> Int64 { Int64((cost * scale).rounded()) }
        for source in 0..<sources { flow.addArc(from: start, to: source, capacity: rest[source], cost: 0) }
        for need in 0..<needs {
            flow.addArc(from: sources + need, to: end, capacity: network.needs[need].quantity / grid, cost: 0)
            for segment in penalty.segments[need] {
                flow.addArc(from: start, to: sources + need, capacity: segment.capacity, cost: whole(segment.cost))
            }
        }
        var arcs: [(committed: Int?, open: Int?)] = []
        for (route, one) in decided.enumerated() {
            guard let cost = costs[route], one.ceiling > 0 else {
                arcs.append((nil, nil))
                continue
            }
            let (from, to) = (network.routes[route].source, sources + network.routes[route].need)
            // What is ordered in any case is paid for: using it saves the cost of its being surplus.
            let committed =
                one.floor > 0
                ? flow.addArc(
                    from: start, to: to, capacity: min(one.floor, one.ceiling), cost: whole(cost.unit - cost.surplus)) : nil
            let open = flow.addArc(
                from: from, to: to, capacity: one.ceiling - one.floor, cost: whole(one.floor > 0 ? cost.unit : cost.slope(one)))
            arcs.append((committed, open))
        }
        flow.solve(from: start, to: end)
        return arcs.map { ($0.committed.map(flow.sent) ?? 0) + ($0.open.map(flow.sent) ?? 0) }
    }

    /// Costs as whole numbers with ten digits for the dearest of them.
    private func scale(_ decided: [RouteCost.Decided]) -> Double {
        var dearest = 1e-9
        for (cost, one) in zip(costs, decided) { if let cost { dearest = max(dearest, cost.slope(one), cost.surplus) } }
        for segments in penalty.segments { for segment in segments { dearest = max(dearest, segment.cost) } }
        return 1e14 / dearest
    }
}
