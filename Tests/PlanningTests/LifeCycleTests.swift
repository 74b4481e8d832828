import Foundation
import Planning
import Testing

@Suite struct `A new item` {
    /// Items that climb for a year and then stand, at levels that differ by a factor of two or so.
    private func analogues(_ count: Int, seed: UInt64) throws -> [LaunchProfile.Analogue] {
        var numbers = SeededNumbers(seed: seed)
        return try (0..<count).map { item in
            let level = 40 * exp(0.5 * numbers.normal())
            let history = (0..<30).map { age in numbers.poisson(level * min(1, 0.2 + Double(age) / 12)) }
            // Years of nothing before the launch are no part of the course.
            return LaunchProfile.Analogue("item \(item)", try DemandSeries([0, 0, 0] + history))
        }
    }

    @Test func `begins as its analogues began`() throws {
        let profile = try #require(LaunchProfile(try analogues(20, seed: 4)))
        let answer = try profile.forecast(own: [], ForecastRequest(horizon: 24))
        #expect(answer.mean[0] < 0.5 * answer.mean[20])
        #expect(isClose(answer.mean[20] / 45, 1, within: 0.35))
        #expect(answer.explanation.notes[0].contains("item 0") && answer.method == "analogue")
    }

    @Test func `is drawn to its own demand as it becomes known, and is then surer`() throws {
        let profile = try #require(LaunchProfile(try analogues(20, seed: 4)))
        let request = try ForecastRequest(horizon: 12, levels: [0.1, 0.9], protection: 6)
        let before = try profile.forecast(own: [], request)
        // Twice what the analogues did.
        let own = profile.course.prefix(8).map { 2 * profile.level * $0 }
        let after = try profile.forecast(own: own, request)
        let share = after.mean[5] / (2 * profile.level * profile.course[13])
        #expect(isClose(share, 1, within: 0.06))
        func width(_ answer: SeriesForecast) -> Double { (answer.protection[1][0] - answer.protection[0][0]) / answer.mean[0] }
        #expect(width(after) < 0.5 * width(before))
        #expect(after.explanation.parameters.contains { $0.name == "weight of its own demand" && $0.value > 0.8 })
    }

    @Test func `is at the level that a planner expects, until it knows better`() throws {
        let profile = try #require(LaunchProfile(try analogues(3, seed: 8)))
        let request = try ForecastRequest(horizon: 30)
        let answer = try profile.forecast(own: [], expected: 500, request)
        #expect(isClose(answer.mean.reduce(0, +) / 30, 500, within: 1))
        #expect(throws: ForecastError.self) { try profile.forecast(own: [], expected: -1, request) }
        #expect(throws: ForecastError.self) { try profile.forecast(own: [.nan], request) }
        #expect(LaunchProfile([]) == nil)
    }

    @Test func `sells less than its quantiles say as often as they say`() throws {
        var inside = 0
        for seed in 0..<200 {
            let all = try analogues(12, seed: UInt64(1000 + seed))
            let profile = try #require(LaunchProfile(Array(all.dropLast())))
            let answer = try profile.forecast(own: [], ForecastRequest(horizon: 12, levels: [0.9], protection: 12))
            let came = try #require(all.last).sinceLaunch.prefix(12).reduce(0, +)
            inside += came <= answer.protection[0][0] ? 1 : 0
        }
        #expect(isClose(Double(inside) / 200, 0.9, within: 0.07))
    }
}

@Suite struct `An item that takes another's place` {
    @Test func `has its history, and says so`() throws {
        let old: [Double] = [10, 12, 11, 9, 10, 12, 4, 1, 0, 0]
        let own: [Double] = [0, 0, 0, 0, 0, 0, 6, 10, 11, 10]
        let recorded = try RecordedDemand(own, predecessors: [.init("bolt-1", old)])
        let prepared = DemandPreparation().prepared(recorded)
        #expect(prepared.series.values == [10, 12, 11, 9, 10, 12, 10, 11, 11, 10])
        let answer = prepared.finished(try HistoricalMean().forecast(prepared.series, ForecastRequest(horizon: 1)))
        #expect(answer.explanation.treatments.filter { $0.cause == .succession }.count == 8)
        #expect(answer.explanation.notes[0] == "Takes the place of bolt-1, whose 69 units in 8 periods were added.")
        #expect(prepared.recorded.series.values == own)
    }

    @Test func `may take a share, in whole pieces`() {
        let succession = Succession([0, 0, 0, 0, 0, 0], [.init("a", [1, 1, 1, 1, 1, 1], share: 0.5)])
        #expect(succession.values.reduce(0, +) == 3 && succession.values.allSatisfy { $0 == $0.rounded() })
    }

    @Test func `stands at the end of its line, and a circle has no end`() {
        let lines = Succession.lines(["a": "b", "b": "c", "x": "c", "p": "q", "q": "p"])
        #expect(lines == ["c": ["a", "b", "x"]])
    }

    @Test func `leaves nothing to be asked for of the old one`() throws {
        let request = try ForecastRequest(horizon: 3, protection: 2)
        let answer = SeriesForecast.succeeded(by: "bolt-2", request)
        #expect(answer.mean == [0, 0, 0] && answer.protection.allSatisfy { $0 == [0, 0] })
        #expect(answer.explanation.reason.contains("bolt-2"))
    }
}

@Suite struct `An item that is phased out` {
    @Test func `is asked for until its last day and then no more`() throws {
        let recorded = try RecordedDemand([10, 11, 9, 10, 12, 10], endsAfter: 2.5)
        let request = try ForecastRequest(horizon: 5, protection: 2)
        let prepared = DemandPreparation().prepared(recorded, horizon: 5)
        let answer = prepared.finished(try HistoricalMean().forecast(prepared.series, request).summed(request))
        let mean = recorded.series.mean
        #expect(isClose(answer.mean, [mean, mean, mean / 2, 0, 0], within: 1e-9))
        #expect(answer.protection.allSatisfy { $0[3] == 0 && $0[2] > 0 })
        #expect(answer.explanation.notes.contains { $0.hasPrefix("Phased out") })
        let later = DemandPreparation().prepared(try RecordedDemand([10, 11], endsAfter: 9), horizon: 5)
        #expect(later.adjustment.isNone)
    }
}
