import Foundation
import Planning
import Testing
import Vocabulary
import Workbench

@Suite struct `A backtest` {
    private func demand(_ text: String) throws -> DemandFile {
        let path = FileManager.default.temporaryDirectory.appending(path: "plimsoll-backtest-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(text.utf8).write(to: path)
        return try DemandFile(path: path.path, frequency: Frequency("W"))
    }

    private func day(_ text: String) throws -> BusinessDate { try #require(BusinessDate(text: text)) }

    /// Some series of 60 weeks from 2024-01-01, the last `hidden` of them changed.
    private func weeks(series: Int = 12, changing hidden: Int = 0) throws -> DemandFile {
        let (frequency, start) = (try Frequency("W"), try day("2024-01-01"))
        var text = "unique_id,ds,y\n"
        for number in 0..<series {
            for week in 0..<60 {
                let value = (week * 7 + number * 5) % 13 + (number % 3 == 0 && week % 3 > 0 ? 0 : number)
                text += "s\(number),\(frequency.day(week, after: start)),\(week >= 60 - hidden ? 900 : value)\n"
            }
        }
        return try demand(text)
    }

    @Test func `compares each origin with what followed it`() async throws {
        let file = try demand(
            "unique_id,ds,y\na,2024-01-01,2\na,2024-01-08,4\na,2024-01-15,3\na,2024-01-22,5\na,2024-01-29,1\nb,2024-01-15,8\n")
        let backtest = try Backtest(
            frequency: Frequency("W"), season: 1, horizon: 2, cutoffs: [day("2024-01-15"), day("2024-01-08")])
        #expect(backtest.cutoffs.map(\.description) == ["2024-01-08", "2024-01-15"])
        let result = try await backtest.run(.naive, file)
        // From 2024-01-08: 4 against 3 and 5; from 2024-01-15: 3 against 5 and 1. Nothing follows the only week of b.
        #expect(result.scores.cases == 2)
        #expect(result.scores.wape == 6.0 / 14)
        #expect(result.scores.bias == 0 && result.scores.valueAdded == 0)
        let ahead: [Double?] = [0.375, 0.5]
        #expect(result.scores.wapeAhead == ahead)
        #expect(result.stock == nil && result.cost == nil)
    }

    @Test func `does not let a forecast see what it is compared with`() async throws {
        let cutoffs = [try day("2025-01-13")]
        let backtest = try Backtest(
            frequency: Frequency("W"), season: 1, horizon: 4, cutoffs: cutoffs, review: PeriodicReview(review: 1, leadTime: 1))
        let plain = try await backtest.run(.automatic, weeks())
        // What lies beyond the horizon changes nothing, what lies within it only the comparison.
        let later = try await backtest.run(.automatic, weeks(changing: 1))
        #expect(plain.scores.cases == 12 && later.scores.wape == plain.scores.wape)
        let within = try await backtest.run(.automatic, weeks(changing: 4))
        #expect(try #require(within.scores.wape) > #require(plain.scores.wape))
        #expect(try #require(within.stock).demand > #require(plain.stock).demand)
    }

    @Test func `is the same on one thread and on two`() async throws {
        let file = try weeks()
        var answers: [[[String: Double]]] = []
        for threads in [1, 2] {
            let backtest = try Backtest(
                frequency: Frequency("W"), season: 1, horizon: 4,
                cutoffs: Backtest.cutoffs(file, Frequency("W"), horizon: 4, origins: 2, step: 4),
                review: PeriodicReview(review: 1, leadTime: 1), threads: threads)
            let clock = WallClock(now: { Instant(microseconds: 0) }, pause: { _ in })
            let meter = Backtest.Meter(processor: { 0 }, clock: clock)
            let results = [
                try await backtest.run(.automatic, file, meter: meter), try await backtest.run(.naive, file, meter: meter),
            ]
            answers.append(BacktestTable(results).objects)
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0][0]["forecasts"] == 24 && answers[0][0]["cost95"] != nil)
        #expect(answers[0][0].keys.contains("sumCoverage95") && answers[0][0].keys.contains("owa"))
    }

    @Test func `takes the last origins that a whole horizon follows`() throws {
        let file = try weeks(series: 1)
        let days = try Backtest.cutoffs(file, Frequency("W"), horizon: 4, origins: 3, step: 2)
        // The last week begins on 2025-02-17.
        #expect(days.map(\.description) == ["2024-12-23", "2025-01-06", "2025-01-20"])
    }

    @Test func `is drawn with a line for each method and the best figures in bold`() async throws {
        let file = try weeks()
        let backtest = try Backtest(
            frequency: Frequency("W"), season: 1, horizon: 4,
            cutoffs: Backtest.cutoffs(file, Frequency("W"), horizon: 4, origins: 1, step: 4))
        var results: [BacktestResult] = []
        for method in [ForecastRun.Method.automatic, .naive, .mean] { results.append(try await backtest.run(method, file)) }
        let table = BacktestTable(results)
        #expect(table.columns.prefix(3) == ["method", "forecasts", "WAPE %"] && !table.columns.contains("cost 95"))
        #expect(table.rows.map { $0[0] } == ["automatic", "naive", "mean"])
        let picture = BacktestPicture(results, caption: "12 series").svg
        // Two planes with three courses each, and the line of honest quantiles.
        #expect(picture.components(separatedBy: "<polyline").count == 1 + 7)
        let best = try #require(table.rows.map { $0[2] }.min { (Double($0) ?? 0) < (Double($1) ?? 0) })
        #expect(picture.contains("font-weight=\"bold\" fill=\"#1d2430\">\(best)</text>"))
    }

    @Test func `refuses what cannot be compared`() throws {
        #expect(throws: WorkbenchError.option(name: "--cutoff", found: "nothing", expected: "at least one day")) {
            try Backtest(frequency: Frequency("W"), season: 1, horizon: 4, cutoffs: [])
        }
        #expect(throws: WorkbenchError.self) {
            try Backtest(
                frequency: Frequency("W"), season: 1, horizon: 2, cutoffs: [day("2024-01-01")],
                review: PeriodicReview(review: 1, leadTime: 2))
        }
    }
}
