import Planning
import Testing

@Suite struct `A review level` {
    func simulated(_ level: Double, days: Int, leadTime: Int, seed: UInt64, _ demand: @escaping (inout SeededNumbers) -> Double)
        -> WarehouseSimulation.Achieved
    {
        WarehouseSimulation(rule: .orderUpTo(level, days: days), demand: demand, leadTime: { _ in leadTime })
            .run(days: 300_000, seed: seed)
    }

    @Test(arguments: [0.8, 0.95, 0.99])
    func `keeps the fill rate of a slow item`(target: Double) throws {
        let window = DemandDistribution(mean: 0.3 * 19, variance: 0.3 * 19, shape: .counts(grain: 1))
        let leadTime = DemandDistribution(mean: 0.3 * 12, variance: 0.3 * 12, shape: .counts(grain: 1))
        let level = try ReviewLevel(window: window, leadTime: leadTime, target: .fillRate(target))
        let result = simulated(level.level, days: 7, leadTime: 12, seed: 5) { $0.poisson(0.3) }
        #expect(level.level.truncatingRemainder(dividingBy: 1) == 0)
        #expect(level.fillRate >= target)
        #expect(isClose(result.fillRate, level.fillRate, within: 0.01))
    }

    @Test func `does not count a shortage twice`() throws {
        // A long lead time and a daily review: the plain rule counts what was short already as short again.
        let window = DemandDistribution(mean: 100 * 21, variance: 30 * 30 * 21, shape: .normal)
        let leadTime = DemandDistribution(mean: 100 * 20, variance: 30 * 30 * 20, shape: .normal)
        let level = try ReviewLevel(window: window, leadTime: leadTime, target: .fillRate(0.9))
        let result = simulated(level.level, days: 1, leadTime: 20, seed: 3) { max(0, 100 + 30 * $0.normal()) }
        #expect(isClose(result.fillRate, 0.9, within: 0.01))
        let plain = try StockPolicy(
            demand: DemandRate(mean: 100, deviation: 30), leadTime: LeadTime(mean: 20, deviation: 0), target: .fillRate(0.9),
            bounds: .wide
        ).orderUpTo()
        #expect(plain.level > level.level)
    }

    @Test func `without demand is none`() throws {
        let none = DemandDistribution(mean: 0, variance: 0)
        #expect(try ReviewLevel(window: none, leadTime: none, target: .fillRate(0.9)).level == 0)
        #expect(throws: PolicyError.self) { try ReviewLevel(window: none, leadTime: none, target: .fillRate(1)) }
    }
    @Test(.timeLimit(.minutes(1)), arguments: [1e-9, 1e-15, 1e-18, 1e-40])
    func `of an item that is hardly asked for any more is found at once`(mean: Double) throws {
        let window = DemandDistribution(mean: 3 * mean, variance: 6 * mean, shape: .counts(grain: 1))
        let leadTime = DemandDistribution(mean: 2 * mean, variance: 4 * mean, shape: .counts(grain: 1))
        let level = try ReviewLevel(window: window, leadTime: leadTime, target: .fillRate(0.99))
        #expect(level.level <= 10 && level.cycleService > 0.99)
        // The same with a spread that has not fallen with the mean.
        let wide = DemandDistribution(mean: 3 * mean, variance: 3, shape: .counts(grain: 1))
        let early = DemandDistribution(mean: 2 * mean, variance: 2, shape: .counts(grain: 1))
        #expect(try ReviewLevel(window: wide, leadTime: early, target: .fillRate(0.99)).level <= 10)
    }
}
