import Planning

/// A network of locations under base-stock control with backorders, period by period: what its safety stocks really achieve.
struct NetworkSimulation {
    let stages: [Stage]
    let placements: [GuaranteedService.Placement]
    /// Mean of a period's demand at each location that has customers.
    let mean: Double

    struct Achieved {
        /// Share of customers' units served within the promised time.
        let fillRate: Double
        /// Units on the shelves at the end of a period on average, weighted by the holding cost.
        let holdingCost: Double
    }

    private static let warmUp = 300

    /// Every order passes up at once, each location fills old orders before new ones, and a short location shares what it has in
    /// proportion to what it owes. Transit takes at least one period.
    func run(periods: Int, seed: UInt64) -> Achieved {
        var numbers = SeededNumbers(seed: seed)
        var stock = stages.indices.map {
            placements[$0].safetyStock + customers(below: $0) * mean * Double(placements[$0].coveredTime)
        }
        var owed = [Double](repeating: 0, count: stages.count)
        var pipeline = stages.map { [Double](repeating: 0, count: max(1, $0.transit + ($0.feeder == nil ? $0.supplierTime : 0))) }
        var (asked, short, held) = (0.0, 0.0, 0.0)
        for period in 0..<periods + Self.warmUp {
            let orders = stages.map { $0.deviation > 0 ? max(0, mean + $0.deviation * numbers.normal()) : 0 }
            let counted = period >= Self.warmUp
            for (index, stage) in stages.enumerated() {
                stock[index] += pipeline[index].removeFirst()
                pipeline[index].append(0)
                if counted {
                    asked += orders[index]
                    short += min(orders[index], max(0, orders[index] - max(0, stock[index])))
                }
                stock[index] -= orders[index]
                let order = total(orders, at: index)
                if stage.feeder == nil { pipeline[index][pipeline[index].count - 1] += order } else { owed[index] += order }
            }
            for index in stages.indices { serve(index, &stock, &owed, &pipeline) }
            guard counted else { continue }
            for (index, stage) in stages.enumerated() { held += max(0, stock[index]) * stage.holdingCost }
        }
        return Achieved(fillRate: 1 - short / asked, holdingCost: held / Double(periods))
    }

    private func customers(below index: Int) -> Double {
        (stages[index].deviation > 0 ? 1 : 0)
            + stages.indices.reduce(0) { stages[$1].feeder == index ? $0 + customers(below: $1) : $0 }
    }

    private func total(_ orders: [Double], at index: Int) -> Double {
        orders[index] + stages.indices.reduce(0) { stages[$1].feeder == index ? $0 + total(orders, at: $1) : $0 }
    }

    private func serve(_ index: Int, _ stock: inout [Double], _ owed: inout [Double], _ pipeline: inout [[Double]]) {
        let fed = stages.indices.filter { stages[$0].feeder == index }
        let due = fed.reduce(0) { $0 + owed[$1] }
        guard due > 0, stock[index] > 0 else { return }
        let share = min(1, stock[index] / due)
        for below in fed {
            let sent = share * owed[below]
            owed[below] -= sent
            stock[index] -= sent
            pipeline[below][pipeline[below].count - 1] += sent
        }
    }
}
