import Planning
import Testing

@Suite struct `Croston's method` {
    let fixed = CrostonSBA(smoothings: [0.1], countsOpenGap: false)

    @Test func `a regular rhythm gives size over gap, less the bias`() throws {
        let forecast = try fixed.forecast(DemandSeries([0, 0, 6, 0, 0, 6, 0, 0, 6]), ForecastRequest(horizon: 2))
        #expect(isClose(forecast.mean, [0.95 * 6 / 3, 0.95 * 6 / 3]))
    }

    @Test func `an irregular one agrees with the reference`() throws {
        // statsforecast 2.1.1: CrostonSBA().forecast(y, 2) gives 0.87185575 (smoothing 0.1).
        let values: [Double] = [0, 0, 3, 0, 1, 0, 0, 0, 4, 2, 0, 0, 0, 1, 0, 0, 5, 0, 0, 2, 0, 1, 0, 0]
        let forecast = try fixed.forecast(DemandSeries(values), ForecastRequest(horizon: 1))
        #expect(isClose(forecast.mean[0], 0.87185575, within: 1e-7))
    }

    @Test func `quantiles are whole lots`() throws {
        let dozens: [Double] = [0, 24, 0, 0, 12, 0, 36, 0, 0, 0, 12, 0, 24]
        let forecast = try CrostonSBA().forecast(DemandSeries(dozens), ForecastRequest(horizon: 3))
        #expect(forecast.quantiles.allSatisfy { $0.allSatisfy { $0.truncatingRemainder(dividingBy: 12) == 0 } })
        let sum = try forecast.demand(overNext: 3)
        #expect(sum.grain == 12)
        #expect(sum.quantile(0.99) >= forecast.quantiles[4][0])
        #expect(sum.quantile(0.99) < 3 * forecast.quantiles[4][0])
    }

    @Test func `an item no longer asked for fades out`() throws {
        let stopped = [3.0, 0, 2, 0, 3, 0, 4] + [Double](repeating: 0, count: 30)
        let fading = try CrostonSBA().forecast(DemandSeries(stopped), ForecastRequest(horizon: 1)).mean[0]
        let stubborn = try fixed.forecast(DemandSeries(stopped), ForecastRequest(horizon: 1)).mean[0]
        #expect(fading < 0.15)
        #expect(stubborn > 1)
    }

    @Test func `nothing ever asked for is nothing expected`() throws {
        let forecast = try CrostonSBA().forecast(DemandSeries([0, 0, 0]), ForecastRequest(horizon: 2))
        #expect(forecast.method == "noDemand")
        #expect(forecast.mean == [0, 0])
        #expect(forecast.quantiles == Array(repeating: [0, 0], count: 5))
    }
}
