import Planning
import Testing

@Suite struct `Accuracy of groups` {
    @Test func `is a ratio of sums, not a mean of ratios`() throws {
        let large = try AccuracySums(actual: [1000], forecast: [900])
        let small = try AccuracySums(actual: [1], forecast: [3])
        #expect(large.wape == 0.1 && small.wape == 2)
        let both = large + small
        #expect(isClose(try #require(both.wape), 102.0 / 1001))
        #expect(isClose(try #require(both.bias), -98.0 / 1001))
        #expect(both.series == 2 && both.periods == 2)
    }

    @Test func `agrees with the figures of a single series`() throws {
        let (actual, forecast, history) = ([4.0, 8, 6], [5.0, 6, 6], [1.0, 3, 2, 4])
        let quantiles = [[5.0, 6, 6], [7, 7, 7]]
        let sums = try AccuracySums(
            actual: actual, forecast: forecast, history: history, quantiles: quantiles, levels: [0.5, 0.9])
        #expect(sums.wape == PointAccuracy.wape(actual: actual, forecast: forecast))
        #expect(sums.trackingSignal == PointAccuracy.trackingSignal(actual: actual, forecast: forecast))
        #expect(sums.meanMASE == PointAccuracy.mase(actual: actual, forecast: forecast, history: history))
        #expect(sums.meanRMSSE == PointAccuracy.rmsse(actual: actual, forecast: forecast, history: history))
        #expect(
            sums.meanScaledPinball
                == QuantileAccuracy.scaledPinball(actual: actual, quantiles: quantiles, levels: [0.5, 0.9], history: history))
        #expect(isClose(try #require(sums.coverage), 2.0 / 3))
        #expect(AccuracySums().wape == nil && AccuracySums().coverage == nil)
    }

    @Test func `adds up at every level to the same total`() throws {
        var numbers = SeededNumbers(seed: 2)
        var breakdown = AccuracyBreakdown()
        for index in 0..<60 {
            let sums = try AccuracySums(actual: [100 * numbers.unit()], forecast: [100 * numbers.unit()])
            breakdown.add(
                sums, of: SeriesKey(item: "I\(index % 12)", location: "L\(index % 5)", family: "F\(index % 3)", region: "R"))
        }
        for level in AccuracyBreakdown.Level.allCases {
            let groups = breakdown.groups(by: level)
            #expect(isClose(groups.reduce(0) { $0 + $1.sums.absoluteError }, breakdown.total.absoluteError, within: 1e-9))
            #expect(zip(groups, groups.dropFirst()).allSatisfy { $0.sums.absoluteError >= $1.sums.absoluteError })
        }
        #expect(breakdown.groups(by: .item).count == 12 && breakdown.groups(by: .region).map(\.name) == ["R"])
    }

    @Test func `shows what each step was worth`() throws {
        let actual = [10.0, 10, 10, 10]
        let value = try ForecastValueAdded(
            actual: actual,
            steps: [("naive", [6, 14, 6, 14]), ("statistical", [9, 11, 9, 11]), ("override", [12, 12, 12, 12])])
        #expect(value.steps.map(\.wape) == [0.4, 0.1, 0.2])
        #expect(value.steps[0].added == nil)
        #expect(isClose(try #require(value.steps[1].added), 0.3))
        #expect(isClose(try #require(value.steps[2].added), -0.1))
        #expect(isClose(try #require(value.steps[2].addedToFirst), 0.2))
        #expect(value.steps[2].bias == 0.2)
        #expect(throws: PolicyError.self) { try ForecastValueAdded(actual: actual, steps: [("short", [1])]) }
    }

    @Test func `judges what was believed when it mattered`() throws {
        let snapshots = ForecastSnapshots([
            .init(origin: 3, mean: [7, 8]), .init(origin: 0, mean: [1, 2, 3, 4]), .init(origin: 2, mean: [5, 6]),
            .init(origin: 2, mean: [50, 60]),
        ])
        #expect(snapshots.belief(of: 3, lag: 1) == 7)
        #expect(snapshots.belief(of: 3, lag: 2) == 60)
        #expect(snapshots.belief(of: 3, lag: 3) == 4 && snapshots.belief(of: 3, lag: 4) == 4)
        #expect(snapshots.belief(of: 3, lag: 5) == nil && snapshots.belief(of: 4, lag: 3) == nil)
        let late = try snapshots.accuracy(of: [1, 2, 3, 9], lag: 3)
        #expect(late.periods == 2 && late.absoluteError == 5)
        let fresh = try snapshots.accuracy(of: [1, 2, 3, 9], lag: 1)
        #expect(fresh.periods == 4 && fresh.absoluteError == 47 + 2)
    }
}
