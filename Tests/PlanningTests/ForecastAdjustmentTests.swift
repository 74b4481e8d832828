import Planning
import Testing

@Suite struct `An adjustment of the periods ahead` {
    private func plain() throws -> SeriesForecast {
        var numbers = SeededNumbers(seed: 6)
        let values = (0..<60).map { _ in 100 + 20 * numbers.normal() }
        let request = try ForecastRequest(horizon: 6, levels: [0.1, 0.5, 0.9], protection: 3)
        return try ExponentialSmoothing(forms: [.simple]).forecast(DemandSeries(values), request).summed(request)
    }

    @Test func `that multiplies every period alike is another unit`() throws {
        let plain = try plain()
        let doubled = ForecastAdjustment(factors: [2, 2, 2, 2, 2, 2]).applied(to: plain)
        #expect(isClose(doubled.mean, plain.mean.map { 2 * $0 }))
        for (row, other) in zip(plain.quantiles + plain.protection, doubled.quantiles + doubled.protection) {
            #expect(isClose(other, row.map { 2 * $0 }, within: 1e-6))
        }
        let sums = try (plain.demand(overNext: 4), doubled.demand(overNext: 4))
        #expect(isClose(sums.1.standardDeviation, 2 * sums.0.standardDeviation, within: 1e-6))
    }

    @Test func `keeps sums consistent with their periods`() throws {
        let plain = try plain()
        let moved = ForecastAdjustment(factors: [1, 3, 1], additions: [0, 0, 50], variances: [0, 0, 900]).applied(to: plain)
        #expect(isClose(moved.mean[1], 3 * plain.mean[1], within: 1e-9))
        #expect(isClose(moved.mean[2], plain.mean[2] + 50, within: 1e-9))
        let variances = moved.spread.variances(horizon: 6)
        for period in 0..<6 {
            #expect(isClose(moved.spread.sumVariance(over: period..<period + 1), variances[period], within: 1e-6))
        }
        #expect(isClose(variances[2], plain.spread.variances(horizon: 3)[2] + 900, within: 1e-6))
        let median = moved.protection[1][0]
        #expect(isClose(median, plain.protection[1][0] + 2 * plain.mean[1] + 50, within: 1))
        // A normal demand's deviation is what the spread says.
        let width = (moved.protection[2][0] - moved.protection[0][0]) / (2 * 1.2815515655446)
        #expect(isClose(width, moved.spread.sumVariance(over: 0..<3).squareRoot(), within: 0.05 * width))
    }

    @Test func `by nothing leaves everything as it is`() throws {
        let plain = try plain()
        #expect(ForecastAdjustment().applied(to: plain) == plain)
        #expect(ForecastAdjustment(factors: [1, 1], additions: [0]).applied(to: plain) == plain)
    }

    @Test func `to nothing ends the demand`() throws {
        let ended = ForecastAdjustment(factors: [1, 0.5, 0, 0, 0, 0]).applied(to: try plain())
        #expect(ended.mean[2...] == [0, 0, 0, 0])
        #expect(ended.quantiles.allSatisfy { $0[2...] == [0, 0, 0, 0] })
        #expect(ended.protection.allSatisfy { $0[2] == 0 && $0[0] > 0 })
        #expect(ended.explanation == (try plain()).explanation)
    }
}
