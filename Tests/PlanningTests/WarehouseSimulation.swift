/// One item in one warehouse with backorders, day by day: what a stock level really achieves.
struct WarehouseSimulation {
    enum Rule {
        /// Order `quantity` whenever the position is at or below `point` at the end of a day.
        case reorderPoint(Double, quantity: Double)
        /// Order up to `level` at the end of every `days`-th day.
        case orderUpTo(Double, days: Int)
    }

    struct Achieved {
        let cycleService: Double
        let fillRate: Double
    }

    let rule: Rule
    let demand: (inout SeededNumbers) -> Double
    /// Whole days; an order placed at the end of a day covers demand after that many more days.
    let leadTime: (inout SeededNumbers) -> Int

    func run(days: Int, seed: UInt64) -> Achieved {
        var numbers = SeededNumbers(seed: seed)
        var pipeline = [Double](repeating: 0, count: 256)
        var arrivals = [Int](repeating: 0, count: 256)
        var net = startingStock
        var onOrder = 0.0
        var (asked, short, cycles, failed) = (0.0, 0.0, 0, 0)
        for day in 0..<days {
            let wanted = demand(&numbers)
            asked += wanted
            short += min(wanted, max(0, wanted - max(0, net)))
            net -= wanted
            let slot = day % 256
            if arrivals[slot] > 0 {
                cycles += arrivals[slot]
                if net < 0 { failed += arrivals[slot] }
                net += pipeline[slot]
                onOrder -= pipeline[slot]
                (pipeline[slot], arrivals[slot]) = (0, 0)
            }
            let order = order(position: net + onOrder, day: day)
            guard order > 0 else { continue }
            let due = (day + max(1, leadTime(&numbers))) % 256
            pipeline[due] += order
            arrivals[due] += 1
            onOrder += order
        }
        return Achieved(cycleService: 1 - Double(failed) / Double(cycles), fillRate: 1 - short / asked)
    }

    private var startingStock: Double {
        switch rule {
        case .reorderPoint(let point, let quantity): point + quantity
        case .orderUpTo(let level, _): level
        }
    }

    private func order(position: Double, day: Int) -> Double {
        switch rule {
        case .reorderPoint(let point, let quantity):
            position <= point ? quantity * max(1, ((point - position) / quantity).rounded(.up)) : 0
        case .orderUpTo(let level, let days):
            day % days == 0 ? max(0, level - position) : 0
        }
    }
}
