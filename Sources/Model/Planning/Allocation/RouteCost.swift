/// What a route costs for each amount it brings, counted in the network's grid.
///
/// The true cost jumps with the first unit (order, minimum lot) and with each lot begun. The search works with straight lines
/// that never lie above it; each of its decisions (not used; at least so many; at most so many) draws them closer.
struct RouteCost {
    /// Currency per grid step.
    let unit: Double
    let surplus: Double
    /// Currency per order.
    let fixed: Double
    /// Grid steps.
    let smallest: Int64
    let multiple: Int64
    /// The most that it can bring to its need.
    let largest: Int64

    /// What is ordered or shipped so that `amount` arrive.
    func lot(_ amount: Int64) -> Int64 {
        guard amount > 0 else { return 0 }
        return max(smallest, (amount + multiple - 1) / multiple * multiple)
    }

    func cost(of amount: Int64) -> Double {
        guard amount > 0 else { return 0 }
        return fixed + unit * Double(amount) + surplus * Double(lot(amount) - amount)
    }

    /// What the search has decided of a route.
    struct Decided {
        /// Lot that is ordered at least; 0 while nothing is.
        var floor: Int64 = 0
        /// Amount that it brings at most.
        var ceiling: Int64
    }

    /// Lowest cost per step of any amount up to the ceiling, while nothing is decided: a line below the true cost.
    func slope(_ decided: Decided) -> Double {
        let most = Double(max(1, decided.ceiling))
        return unit + (fixed + surplus * Double(max(0, smallest - decided.ceiling))) / most
    }

    /// Cost in the relaxed problem.
    func relaxedCost(of amount: Int64, _ decided: Decided) -> Double {
        guard decided.floor > 0 else { return slope(decided) * Double(amount) }
        return fixed + unit * Double(amount) + surplus * Double(max(0, decided.floor - amount))
    }

    /// The two halves into which a decision splits what is open, or nil when the relaxed cost is the true one.
    func split(at amount: Int64, _ decided: Decided) -> (more: Decided, less: Decided)? {
        guard amount > 0 else { return nil }
        guard decided.floor > 0 else {
            return (Decided(floor: smallest, ceiling: decided.ceiling), Decided(floor: 0, ceiling: 0))
        }
        let lot = lot(amount)
        guard lot > decided.floor, lot > amount else { return nil }
        return (
            Decided(floor: lot, ceiling: decided.ceiling),
            Decided(floor: decided.floor, ceiling: amount / multiple * multiple)
        )
    }
}

extension RouteCost {
    /// - Returns: nil with the reason when the route can bring nothing.
    static func make(_ route: SupplyRoute, in network: SupplyNetwork, grid: Int64) -> Result<RouteCost, RouteObstacle> {
        if let obstacle = route.obstacle { return .failure(RouteObstacle(text: obstacle)) }
        let rules = route.lotRules
        let multiple = rules.multiple > 1 ? rules.multiple / grid : 1
        let smallest = max(multiple, (rules.smallest + grid - 1) / grid)
        var largest = rules.maximum == nil ? Int64.max / 4 : rules.largest / grid
        if let available = network.sources[route.source].available {
            largest = min(largest, available / grid / multiple * multiple)
            if largest < smallest {
                return .failure(
                    RouteObstacle(text: "it has \(units(available)) available, and its smallest lot is \(units(smallest * grid))")
                )
            }
        }
        let scale = Double(grid) / 1_000_000
        return .success(
            RouteCost(
                unit: route.unitCost * scale, surplus: route.surplusCost * scale, fixed: route.fixedCost, smallest: smallest,
                multiple: multiple, largest: min(largest, network.needs[route.need].quantity / grid)))
    }
}

/// Why a route can bring nothing.
struct RouteObstacle: Error {
    let text: String
}
