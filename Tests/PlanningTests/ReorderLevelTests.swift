import Planning
import Testing

@Suite struct `A reorder level` {
    /// A hundred a day with a deviation of 30, whose errors are independent: what the closed forms assume.
    private func steady(protection: Int?, shape: DemandDistribution.Shape = .normal) throws -> SeriesForecast {
        SeriesForecast(
            method: "steady", mean: Array(repeating: 100, count: 20), spread: ForecastSpread(deviation: 30, shape: shape),
            levels: ForecastRequest.standardLevels, residualDeviation: 30, explanation: ForecastExplanation(reason: "A test.")
        ).summed(try ForecastRequest(horizon: 20, protection: protection))
    }

    private func level(
        _ forecast: SeriesForecast, _ leadTime: LeadTime, _ target: ServiceTarget, daysPerPeriod: Double = 1
    ) throws -> ReorderLevel {
        try ReorderLevel(
            WindowDemand(forecast, leadTime: leadTime, daysPerPeriod: daysPerPeriod), target: target, orderQuantity: 1500,
            undershoot: 54.5)
    }

    @Test(arguments: [9, 6, 14])
    func `by quantiles of sums is what the closed forms say of a normal demand, whatever sums they were learnt on`(
        protection: Int
    ) throws {
        let forecast = try steady(protection: protection)
        // Lead times that vary: 900 + 1.645 * 219.3 + 54.5; a fill rate of 98 % with orders of 1500: k = 0.726.
        let cycles = try level(forecast, LeadTime(mean: 9, deviation: 2), .cycleService(0.95))
        #expect(isClose(cycles.level, 1315.2, within: 0.5) && isClose(cycles.safetyStock, 360.7, within: 0.5))
        #expect(cycles.summedPeriods == protection && !cycles.isDiscrete)
        let fill = try level(forecast, LeadTime(mean: 9, deviation: 2), .fillRate(0.98))
        #expect(isClose(fill.level, 900 + 159.2 + 54.5, within: 1.5))
    }

    @Test func `keeps the quantiles that were learnt where the lead time is just their sum`() throws {
        let learnt = try steady(protection: 4, shape: .counts(grain: 1))
        let window = try WindowDemand(learnt, leadTime: LeadTime(mean: 28, deviation: 0), daysPerPeriod: 7)
        #expect(window.quantiles?.values == (try learnt.protectionDemand().values) && window.summedPeriods == 4)
    }

    @Test func `falls back on mean and deviation where there are no quantiles of sums`() throws {
        let plain = try level(try steady(protection: nil), LeadTime(mean: 9, deviation: 2), .cycleService(0.95))
        #expect(plain.summedPeriods == nil && isClose(plain.level, 1315.2, within: 0.5))
    }

    @Test func `of a demand in whole units is whole, and covers the mean of all but intermittent ones`() throws {
        let counted = SeriesForecast(
            method: "counted", mean: Array(repeating: 0.3, count: 12),
            spread: ForecastSpread(deviation: 0.7, shape: .counts(grain: 1)), levels: ForecastRequest.standardLevels,
            residualDeviation: 0.7, explanation: ForecastExplanation(reason: "A test.")
        ).summed(try ForecastRequest(horizon: 12, protection: 2))
        let window = try WindowDemand(counted, leadTime: LeadTime(mean: 14, deviation: 3), daysPerPeriod: 7)
        let level = try ReorderLevel(window, target: .cycleService(0.95), orderQuantity: 5, undershoot: 0.5)
        #expect(level.isDiscrete && level.level == level.level.rounded() && level.level >= 1)
        // An order of forty lasts for years: of what is asked for now and then a fill rate needs nothing there meanwhile.
        #expect(try ReorderLevel(window, target: .fillRate(0.8), orderQuantity: 40, undershoot: 0).level == 0)
        let covering = try ReorderLevel(
            WindowDemand(steady(protection: 9), leadTime: LeadTime(mean: 9, deviation: 0), daysPerPeriod: 1),
            target: .fillRate(0.8), orderQuantity: 9000, undershoot: 0)
        #expect(covering.level == 900 && covering.safetyStock == 0)
    }

    @Test func `goes on beyond the horizon as until there, and is nothing without a lead time`() throws {
        let forecast = try steady(protection: 20)
        let window = try WindowDemand(forecast, leadTime: LeadTime(mean: 40, deviation: 0), daysPerPeriod: 1)
        #expect(window.mean == 4000 && isClose(window.standardDeviation, 30 * 40.0.squareRoot(), within: 0.001))
        let none = try WindowDemand(forecast, leadTime: LeadTime(mean: 0, deviation: 0), daysPerPeriod: 1)
        #expect(none.mean == 0 && none.standardDeviation == 0)
        #expect(throws: PolicyError.self) {
            try WindowDemand(forecast, leadTime: LeadTime(mean: .nan, deviation: 0), daysPerPeriod: 1)
        }
    }
}
