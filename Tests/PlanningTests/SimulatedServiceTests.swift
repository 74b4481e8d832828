import Planning
import Testing

/// The closed forms against a simulated warehouse: d = 100, sd_d = 30, L = 9, sd_L = 2 days (rounded to whole days), Q = 1500,
/// normal demand cut at zero, backorders, daily review. Expected figures: simulation of 400,000 days reported with the formulas;
/// tolerance about one point.
@Suite struct `Simulated service` {
    static let days = 100_000
    let policy = StockPolicy(
        demand: DemandRate(mean: 100, deviation: 30), leadTime: LeadTime(mean: 9, deviation: 2), target: .cycleService(0.95),
        bounds: .wide)

    func achieved(_ point: Double, quantity: Double = 1500, seed: UInt64 = 7) -> WarehouseSimulation.Achieved {
        WarehouseSimulation(
            rule: .reorderPoint(point, quantity: quantity), demand: { max(0, 100 + 30 * $0.normal()) },
            leadTime: { Int((9 + 2 * $0.normal()).rounded()) }
        ).run(days: Self.days, seed: seed)
    }

    @Test func `safety stock for demand alone promises 95 and gives 67 percent`() throws {
        var blind = policy
        blind.leadTime = LeadTime(mean: 9, deviation: 0)
        let level = try blind.reorderPoint(orderQuantity: 1500)
        #expect(isClose(level.safetyStock, 148, within: 0.5))
        let result = achieved(level.level - level.undershoot)
        #expect(isClose(result.cycleService, 0.672, within: 0.01))
        #expect(isClose(result.fillRate, 0.967, within: 0.003))
    }

    @Test func `both variances give 91 and the undershoot makes it 94`() throws {
        let level = try policy.reorderPoint(orderQuantity: 1500)
        #expect(isClose(level.safetyStock, 361, within: 0.5))
        #expect(isClose(level.undershoot, 54.5, within: 1e-9))
        let without = achieved(level.level - level.undershoot)
        #expect(isClose(without.cycleService, 0.914, within: 0.01))
        #expect(isClose(without.fillRate, 0.994, within: 0.003))
        let with = achieved(level.level)
        #expect(isClose(with.cycleService, 0.944, within: 0.01))
        #expect(isClose(with.fillRate, 0.996, within: 0.003))
    }

    @Test func `a fill rate of 98 is met, with a cycle service of only 77`() throws {
        var filling = policy
        filling.target = .fillRate(0.98)
        let level = try filling.reorderPoint(orderQuantity: 1500)
        #expect(isClose(level.factor.value, 0.726, within: 0.001))
        #expect(isClose(level.safetyStock, 159, within: 0.5))
        #expect(isClose(level.fillRate, 0.98, within: 1e-9))
        #expect(isClose(achieved(level.level - level.undershoot).fillRate, 0.969, within: 0.003))
        let with = achieved(level.level)
        #expect(isClose(with.fillRate, 0.979, within: 0.003))
        #expect(isClose(with.cycleService, 0.77, within: 0.01))
    }

    @Test func `a weekly review up to a level keeps its 95 percent`() throws {
        var weekly = policy
        weekly.leadTime = LeadTime(mean: 9, deviation: 0)
        weekly.reviewDays = 7
        let level = try weekly.orderUpTo()
        #expect(isClose(level.safetyStock, 197, within: 0.5))
        #expect(isClose(level.fillRate, 0.9964, within: 0.0001))
        let result = WarehouseSimulation(
            rule: .orderUpTo(level.level, days: 7), demand: { max(0, 100 + 30 * $0.normal()) }, leadTime: { _ in 9 }
        ).run(days: Self.days, seed: 11)
        #expect(isClose(result.cycleService, 0.952, within: 0.01))
        #expect(isClose(result.fillRate, 0.9967, within: 0.001))
    }

    @Test func `slower demand with a longer lead time agrees too`() throws {
        // d = 20, sd_d = 12, L = 14, sd_L = 3, Q = 120: 93.4-93.9 % without, 95.5-95.8 % with undershoot.
        let slow = StockPolicy(
            demand: DemandRate(mean: 20, deviation: 12), leadTime: LeadTime(mean: 14, deviation: 3), target: .cycleService(0.95))
        let level = try slow.reorderPoint(orderQuantity: 120)
        func service(_ point: Double) -> Double {
            WarehouseSimulation(
                rule: .reorderPoint(point, quantity: 120), demand: { max(0, 20 + 12 * $0.normal()) },
                leadTime: { Int((14 + 3 * $0.normal()).rounded()) }
            ).run(days: Self.days, seed: 3).cycleService
        }
        #expect(isClose(service(level.level - level.undershoot), 0.9365, within: 0.01))
        #expect(isClose(service(level.level), 0.9565, within: 0.01))
    }

    @Test func `the discrete rule keeps its promise for a few units a month`() throws {
        // Poisson demand of 0.1 a day, 10 days: P(D <= 3) = 0.981 is the first above 95 %.
        let demand = DemandDistribution(mean: 1, variance: 1, shape: .counts(grain: 1))
        let point = try DiscreteReorderPoint(demand, target: .cycleService(0.95), orderQuantity: 5)
        #expect(point.level == 3)
        #expect(isClose(point.cycleService, 0.98101, within: 1e-5))
        let result = WarehouseSimulation(
            rule: .reorderPoint(point.level, quantity: 5), demand: { $0.poisson(0.1) }, leadTime: { _ in 10 }
        ).run(days: 200_000, seed: 5)
        #expect(isClose(result.cycleService, point.cycleService, within: 0.01))
        #expect(isClose(result.fillRate, point.fillRate, within: 0.01))
    }
}
