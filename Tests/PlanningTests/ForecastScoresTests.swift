import Planning
import Testing

@Suite struct `Scores of forecasting engines` {
    private func forecast(mean: [Double], deviation: Double = 1, protection: Int? = nil) throws -> SeriesForecast {
        let request = try ForecastRequest(horizon: mean.count, protection: protection)
        return SeriesForecast(
            method: "given", mean: mean,
            spread: ForecastSpread(
                deviation: deviation, weights: [Double](repeating: 0, count: mean.count - 1), shape: .normal),
            levels: request.levels, residualDeviation: deviation, explanation: ForecastExplanation(reason: "given")
        ).summed(request)
    }

    /// Figures of an independent implementation of the M4 benchmark in Python, by its published definition.
    @Test func `agree with the benchmark of the competitions`() {
        let quarters = [20.0, 35, 50, 28, 22, 37, 55, 30, 25, 40, 58, 33, 27, 44]
        #expect(
            isClose(
                CompetitionAccuracy.naive2(quarters, season: 4, horizon: 5),
                [63.499602, 34.80239, 27.431745, 44, 63.499602], within: 1e-6))
        let thirds = [5, 9, 2, 5.5, 9.4, 2.2, 6, 10, 2.4, 6.1, 11]
        #expect(
            isClose(
                CompetitionAccuracy.naive2(thirds, season: 3, horizon: 4), [2.497672, 6.430737, 11, 2.497672], within: 1e-6))
        // No season that a test would believe, a history too short for one, and a zero that no ratio can be taken of.
        let plain = [20.0, 21, 19, 22, 20, 23, 18, 20, 21, 19, 22, 20, 23, 18]
        #expect(CompetitionAccuracy.naive2(plain, season: 4, horizon: 2) == [18, 18])
        #expect(CompetitionAccuracy.naive2([1, 5, 1, 5, 1], season: 2, horizon: 1) == [1])
        #expect(CompetitionAccuracy.naive2(quarters.map { $0 == 22 ? 0 : $0 }, season: 4, horizon: 1) == [44])
        #expect(CompetitionAccuracy.smape(actual: [0, 10, 0], forecast: [0, 30, 5]) == 100)
        #expect(CompetitionAccuracy.smape(actual: [1], forecast: [1, 2]) == nil)
    }

    @Test func `count by hand`() throws {
        // Empty periods before the first demand count for MASE and not for RMSSE and the quantiles.
        let history = [0.0, 0, 4, 6, 4]
        let score = CaseScore(
            history: history, actual: [6, 2], forecast: try forecast(mean: [5, 5]), season: 1)
        #expect(score.naive == [4, 4])
        #expect(isClose(try #require(score.mase), 2 / 2))
        #expect(isClose(try #require(score.rmsse), (5.0 / 4).squareRoot()))
        var scores = ForecastScores()
        scores.add(score)
        #expect(isClose(try #require(scores.wape), 0.5))
        #expect(isClose(try #require(scores.bias), 0.25))
        #expect(isClose(try #require(scores.naiveWAPE), 0.5))
        #expect(isClose(try #require(scores.valueAdded), 0))
        let ahead: [Double?] = [1.0 / 6, 1.5]
        #expect(scores.wapeAhead == ahead)
        // The median of 5 misses by 1 and by 3, each worth half of it, over a mean change of 2.
        #expect(isClose(try #require(scores.scaledPinball(0)), (0.5 + 1.5) / 2 / 2))
        // 6 is above the median and within 1.28 deviations.
        #expect(scores.coverage(0) == 0.5 && scores.coverage(2) == 1)
        #expect(scores.sumCoverage(0) == nil)
        // Repeating 4 is what the benchmark does here too.
        let benchmark = try #require(CompetitionAccuracy.smape(actual: [6, 2], forecast: [4, 4]))
        let own = try #require(CompetitionAccuracy.smape(actual: [6, 2], forecast: [5, 5]))
        let expected = (own / benchmark + 1) / 2
        #expect(isClose(try #require(scores.overallWeightedAverage), expected))
    }

    @Test func `judge sums over the protection interval by themselves`() throws {
        let score = CaseScore(
            history: [4, 6, 4], actual: [5, 5, 20], forecast: try forecast(mean: [5, 5, 5], protection: 2), season: 1,
            protection: 2)
        var scores = ForecastScores()
        scores.add(score)
        #expect(scores.sumCoverage(0) == 0.5 && scores.sumCoverage(4) == 0.5)
        // Of two periods that can be observed there is one sum.
        scores.add(
            CaseScore(
                history: [4, 6, 4], actual: [5, 5], forecast: try forecast(mean: [5, 5, 5], protection: 2), season: 1,
                protection: 2))
        #expect(isClose(try #require(scores.sumCoverage(4)), 2.0 / 3))
        #expect(scores.cases == 2)
    }

    @Test func `cost what is on the shelf and nineteen times what is waited for`() throws {
        // Level 10, demand 4, 7, 2, goods one period after the next: 6 on the shelf, 1 waited for, 1 on the shelf.
        let result = try PeriodicReview(review: 1, leadTime: 1).run([4, 7, 2], start: 10) { _ in 10 }
        #expect(result.waiting == 1 && result.stock == 7)
        let cost = try #require(result.cost(at: 0.95))
        #expect(isClose(cost, 2))
    }
}
