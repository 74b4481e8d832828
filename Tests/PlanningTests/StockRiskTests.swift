import Planning
import Testing

@Suite struct `Stock risk` {
    let flat = HistoricalMean()

    func forecast() throws -> SeriesForecast {
        try flat.forecast(DemandSeries([90, 110, 100, 120, 80, 100, 95, 105, 130, 70]), ForecastRequest(horizon: 6))
    }

    @Test func `is what simulated demand shows`() throws {
        let forecast = try forecast()
        let receipts = [DatedReceipt(period: 3, quantity: 250), DatedReceipt(period: -2, quantity: 900)]
        let risk = try StockRisk(onHand: 310, receipts: receipts, forecast: forecast)
        #expect(risk.nextReceipt == 3)
        var numbers = SeededNumbers(seed: 21)
        let runs = 40_000
        var (short, missing, early) = ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 6), 0.0)
        for _ in 0..<runs {
            // The error of the mean is shared by all periods, the others are their own.
            let shared = forecast.spread.levelVariance.squareRoot() * numbers.normal()
            var stock = 310.0
            for period in 0..<6 {
                if period == 3 { stock += 250 }
                stock -= forecast.mean[period] + shared + forecast.spread.deviation * numbers.normal()
                if stock < 0 {
                    short[period] += 1
                    missing[period] -= stock
                }
                if period == 2, stock < 0 { early += 1 }
            }
        }
        for period in 0..<6 {
            #expect(isClose(risk.stockOut[period], short[period] / Double(runs), within: 0.01))
            #expect(isClose(risk.expectedShortage[period], missing[period] / Double(runs), within: 1))
        }
        #expect(isClose(risk.beforeNextReceipt, early / Double(runs), within: 0.01))
        #expect(risk.firstPeriod(atLeast: 0.5) == 5)
    }

    @Test func `without a receipt in sight looks to the last period`() throws {
        let risk = try StockRisk(onHand: 50, receipts: [], forecast: forecast(), periods: 2)
        #expect(risk.nextReceipt == 2 && risk.stockOut.count == 2)
        #expect(risk.beforeNextReceipt == risk.stockOut[1] && risk.beforeNextReceipt > 0.99)
        let now = try StockRisk(onHand: -1, receipts: [DatedReceipt(period: 0, quantity: 9)], forecast: forecast())
        #expect(now.beforeNextReceipt == 1 && now.shortageBeforeNextReceipt == 1)
        #expect(throws: PolicyError.self) { try StockRisk(onHand: .nan, receipts: [], forecast: forecast()) }
    }

    @Test func `of too much counts days, excess and what is left over`() throws {
        let until = DemandDistribution(mean: 60, variance: 100, shape: .normal)
        let surplus = try SurplusStock(stock: 70, orderUpTo: 40, mean: [20, 20, 20, 20], until: until)
        #expect(isClose(try #require(surplus.periodsOfSupply), 3.5))
        #expect(surplus.excess == 30)
        // One deviation above the mean: G(1) = 0.0833.
        #expect(isClose(surplus.expectedLeftover, 10 + 10 * 0.0833, within: 0.001))
        #expect(isClose(surplus.leftoverProbability, 0.8413, within: 1e-4))
        #expect(isClose(surplus.annualHoldingCost(itemValue: 5, holdingRate: 0.2), 30))
        #expect(isClose(surplus.obsolescence(itemValue: 5, salvage: 1), 4 * surplus.expectedLeftover))
        let dead = try SurplusStock(stock: 70, orderUpTo: 0, mean: [0, 0], until: DemandDistribution(mean: 0, variance: 0))
        #expect(dead.periodsOfSupply == nil && dead.expectedLeftover == 70 && dead.leftoverProbability == 1)
    }
}

@Suite struct `Stock bounds` {
    @Test func `hold a level within units and days, and say which did`() throws {
        let bounds = StockBounds(minimum: 5, minimumDays: 3, maximum: 100, maximumDays: 30, shelfLifeDays: 10)
        let low = try bounds.apply(to: 2, dailyDemand: 4)
        #expect(low.value == 12 && low.bound == [.minimum, .minimumDays] && low.wanted == 2)
        #expect(try bounds.apply(to: 30, dailyDemand: 4).bound.isEmpty)
        let high = try bounds.apply(to: 500, dailyDemand: 4)
        #expect(high.value == 40 && high.bound == [.maximum, .shelfLife])
        // No demand keeps nothing fresh: the upper bound wins over the display.
        #expect(try bounds.apply(to: 50, dailyDemand: 0).value == 0)
        #expect(throws: PolicyError.self) { try StockBounds(maximum: -1).apply(to: 5, dailyDemand: 1) }
    }
}
