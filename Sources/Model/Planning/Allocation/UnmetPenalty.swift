/// What leaving part of a need unmet counts in the search, by the way scarce goods are shared.
///
/// Where sharing goes before cost, a step unmet weighs more than any rearrangement of routes could save.
struct UnmetPenalty {
    /// The next `capacity` grid steps unmet weigh `cost` each; rising, so the cheapest flow fills them in order.
    struct Segment {
        let capacity: Int64
        let cost: Double
    }

    /// Shape `[needs]`.
    let segments: [[Segment]]
    /// Shares of needs are equal to within one of so many parts.
    static let parts: Int64 = 16

    init(_ network: SupplyNetwork, _ costs: [RouteCost?], grid: Int64) {
        let scale = Double(grid) / 1_000_000
        let dearest = costs.compactMap(\.self).map { $0.unit + $0.fixed + $0.surplus * Double($0.smallest) }.max() ?? 0
        let unmet = network.needs.map { $0.unmetCost * scale }.max() ?? 0
        let weight = (dearest + unmet + 1e-6) * Double(network.sources.count + network.needs.count + 1)
        let priorities = Set(network.needs.map(\.priority)).sorted(by: >)
        segments = network.needs.map { need in
            let steps = need.quantity / grid
            switch network.sharing {
            case .cheapest: return [Segment(capacity: steps, cost: need.unmetCost * scale)]
            case .priority:
                let rank = priorities.firstIndex(of: need.priority) ?? 0
                return [Segment(capacity: steps, cost: weight * Double(rank + 1) + need.unmetCost * scale)]
            case .fair:
                return (0..<Self.parts).compactMap { part in
                    let capacity = steps * (part + 1) / Self.parts - steps * part / Self.parts
                    guard capacity > 0 else { return nil }
                    // By the share that is unmet once the part is full, so that small needs and large ones are measured alike.
                    return Segment(capacity: capacity, cost: weight * (1 + Double(part)))
                }
            }
        }
    }

    func cost(of unmet: Int64, need: Int) -> Double {
        var rest = unmet
        var sum = 0.0
        for segment in segments[need] where rest > 0 {
            sum += segment.cost * Double(min(rest, segment.capacity))
            rest -= segment.capacity
        }
        return sum
    }
}
