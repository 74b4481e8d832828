import Planning
import Testing

@Suite struct `A stock policy` {
    let policy = StockPolicy(
        demand: DemandRate(mean: 100, deviation: 30), leadTime: LeadTime(mean: 9, deviation: 2), target: .cycleService(0.95))

    @Test func `adds up its reorder point from named parts`() throws {
        let level = try policy.reorderPoint(orderQuantity: 1500)
        #expect(level.expectedDemand == 900)
        #expect(isClose(level.deviation, 219.317, within: 0.001))
        #expect(isClose(level.factor.value, 1.6449, within: 1e-4))
        #expect(isClose(level.safetyStock, 360.7, within: 0.05))
        #expect(isClose(level.undershoot, 54.5))
        #expect(isClose(level.level, 1315.2, within: 0.05))
        #expect(isClose(level.level, level.expectedDemand + level.safetyStock + level.undershoot))
        #expect(isClose(level.cycleService, 0.95))
        #expect(isClose(level.fillRate, 0.9969, within: 1e-4))
    }

    @Test(arguments: [(300.0, 1.10), (1500, 0.12), (6000, -1.33)])
    func `asks for less safety stock the larger its orders, down to less than none`(quantity: Double, factor: Double) throws {
        // A fill rate of 95 % at sigma 219.3.
        let wide = try SafetyFactor.solve(.fillRate(0.95), deviation: 219.317, quantity: quantity, bounds: .wide)
        #expect(isClose(wide.value, factor, within: 0.006))
        let standard = try SafetyFactor.solve(.fillRate(0.95), deviation: 219.317, quantity: quantity)
        #expect(standard.value == max(0, wide.value))
        #expect(standard.isClamped == (factor < 0))
    }

    @Test func `loses less than it postpones`() throws {
        // With lost sales each missed unit is also not served later, so the same rate needs a little less stock.
        let waiting = try SafetyFactor.solve(.fillRate(0.9), deviation: 50, quantity: 100)
        let lost = try SafetyFactor.solve(.fillRate(0.9), deviation: 50, quantity: 100, shortage: .lostSale)
        #expect(lost.value < waiting.value)
        var policy = policy
        policy.shortage = .lostSale
        policy.target = .fillRate(0.9)
        policy.bounds = .wide
        #expect(isClose(try policy.reorderPoint(orderQuantity: 100).fillRate, 0.9, within: 1e-9))
    }

    @Test func `needs no undershoot when every issue is noticed, and more the rarer it looks`() {
        let rate = DemandRate(mean: 100, deviation: 30)
        #expect(rate.undershoot(reviewDays: 0) == 0)
        #expect(isClose(rate.undershoot(reviewDays: 1), (900 + 10_000) / 200))
        #expect(rate.undershoot(reviewDays: 7) > 350)
        #expect(DemandRate(mean: 0, deviation: 0).undershoot(reviewDays: 7) == 0)
    }

    @Test func `sees no undershoot in a demand that has faded away, however lively it was`() {
        let once = DemandRate(mean: 10.0 / 364, deviation: (100.0 / 364).squareRoot())
        #expect(isClose(once.undershoot(reviewDays: 1), 5, within: 0.1))
        #expect(DemandRate(mean: 1e-16, deviation: 50).undershoot(reviewDays: 1) < 1e-9)
        for mean in [1e-9, 1e-6, 1e-3, 0.1, 1, 5] {
            #expect(DemandRate(mean: mean, deviation: 50).undershoot(reviewDays: 1) <= 20.1 * 50)
        }
    }

    @Test func `takes its rate from a forecast without changing the spread of the interval`() throws {
        let history = try DemandSeries([90, 110, 100, 120, 80, 100, 95, 105, 130, 70])
        let forecast = try HistoricalMean().forecast(history, ForecastRequest(horizon: 4))
        let rate = try DemandRate(forecast, overNext: 2.5, daysPerPeriod: 7)
        let demand = try forecast.demand(overNext: 2.5)
        let window = RiskWindow(rate, LeadTime(mean: 17.5, deviation: 0))
        #expect(isClose(window.expectedDemand, demand.mean))
        #expect(isClose(window.deviation, demand.standardDeviation))
        #expect(isClose(demand.mean, 250))
    }

    @Test func `without demand keeps nothing`() throws {
        var idle = policy
        idle.demand = DemandRate(mean: 0, deviation: 0)
        #expect(try idle.reorderPoint(orderQuantity: 10).level == 0)
        idle.target = .fillRate(0.98)
        #expect(try idle.orderUpTo().level == 0)
    }

    @Test func `names the figure it cannot work with`() throws {
        func refusal(_ change: (inout StockPolicy) -> Void, quantity: Double = 10) -> String? {
            var policy = policy
            change(&policy)
            do throws(PolicyError) {
                _ = try policy.reorderPoint(orderQuantity: quantity)
                return nil
            } catch {
                return error.field
            }
        }
        #expect(refusal { $0.demand = DemandRate(mean: .nan, deviation: 1) } == "demand.mean")
        #expect(refusal { $0.demand = DemandRate(mean: 1, deviation: -1) } == "demand.deviation")
        #expect(refusal { $0.leadTime = LeadTime(mean: -3, deviation: 0) } == "leadTime.mean")
        #expect(refusal { $0.leadTime = LeadTime(mean: 3, deviation: .infinity) } == "leadTime.deviation")
        #expect(refusal { $0.target = .cycleService(1) } == "target")
        #expect(refusal { $0.reviewDays = -1 } == "reviewDays")
        #expect(refusal({ $0.target = .fillRate(0.9) }, quantity: 0) == "orderQuantity")
        #expect(refusal { _ in } == nil)
    }
}

@Suite struct `A discrete reorder point` {
    @Test func `is the smallest that keeps the promise`() throws {
        // Negative binomial with mean 2 and variance 6: P(D <= 6) = 0.944, P(D <= 7) = 0.965.
        let demand = DemandDistribution(mean: 2, variance: 6, shape: .counts(grain: 1))
        let point = try DiscreteReorderPoint(demand, target: .cycleService(0.95), orderQuantity: 4)
        #expect(point.level == 7)
        #expect(demand.probability(atMost: 6) < 0.95)
        #expect(point.safetyStock == 5)
        let filling = try DiscreteReorderPoint(demand, target: .fillRate(0.95), orderQuantity: 4)
        #expect(filling.fillRate >= 0.95)
        let less = try DiscreteReorderPoint(demand, target: .fillRate(filling.fillRate - 0.02), orderQuantity: 4)
        #expect(less.level <= filling.level)
    }

    @Test func `stays in whole lots and adds the undershoot`() throws {
        let dozens = DemandDistribution(mean: 24, variance: 900, shape: .counts(grain: 12))
        let point = try DiscreteReorderPoint(dozens, target: .cycleService(0.9), orderQuantity: 48, undershoot: 20)
        #expect(point.level.truncatingRemainder(dividingBy: 12) == 0)
        #expect(point.undershoot == 14)
        #expect(point.level >= dozens.quantile(0.9) + 14)
        #expect(point.cycleService >= 0.9)
    }
}

@Suite struct `An economic order quantity` {
    @Test func `costs eight percent more when half as large again`() throws {
        let order = try EconomicOrderQuantity(annualDemand: 10_000, costPerOrder: 50, holdingCost: 4)
        #expect(isClose(order.quantity, 500))
        let best = try #require(order.annualCost(ordering: 500))
        #expect(isClose(best, 2000))
        #expect(isClose(try #require(order.annualCost(ordering: 750)) / best, 1.0833, within: 1e-4))
        #expect(order.annualCost(ordering: 0) == nil)
        #expect(throws: PolicyError.self) { try EconomicOrderQuantity(annualDemand: 1, costPerOrder: 1, holdingCost: 0) }
    }
}
