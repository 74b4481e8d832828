import Planning
import Testing

@Suite struct `The automatic method` {
    func answer(_ values: [Double], season: Int = 1, horizon: Int = 4) throws -> SeriesForecast {
        try AutomaticMethod().forecast(DemandSeries(values, season: season), ForecastRequest(horizon: horizon))
    }

    @Test func `names the simple rule that answered for a degenerate history`() throws {
        #expect(try answer([0, 0, 0, 0, 0]).method == "noDemand")
        let single = try answer([7])
        #expect(single.method == "historicalMean")
        #expect(single.mean == [7, 7, 7, 7])
        #expect(single.quantiles[4][0] > 7)
        #expect(single.explanation.reason.hasPrefix("Only one period"))
        let constant = try answer([5, 5, 5, 5, 5, 5])
        #expect(constant.explanation.reason.hasPrefix("Every period had the same demand"))
        #expect(constant.quantiles.allSatisfy { isClose($0, [5, 5, 5, 5]) })
    }

    @Test func `takes size and gap apart for intermittent demand`() throws {
        var numbers = SeededNumbers(seed: 4)
        let values = (0..<60).map { _ in numbers.unit() < 0.3 ? (1 + 2 * numbers.unit()).rounded() : 0 }
        let forecast = try answer(values)
        #expect(forecast.method == "crostonSBA")
        #expect(forecast.explanation.demandClass == .intermittent)
        #expect(forecast.explanation.candidates.contains { $0.name.hasPrefix("exponentialSmoothing") })
    }

    @Test func `follows a popularity that moves`() throws {
        var numbers = SeededNumbers(seed: 9)
        let values = (0..<80).map { numbers.poisson($0 < 60 ? 0.3 : 6) }
        #expect(try answer(values).mean[0] > 4)
    }

    @Test func `repeats a long season where that came nearer`() throws {
        var numbers = SeededNumbers(seed: 2)
        let values = (0..<156).map { week in (week % 52 >= 45 ? 300.0 : 60) + 5 * numbers.normal() }
        let forecast = try answer(Array(values.prefix(148)), season: 52, horizon: 8)
        #expect(forecast.method == "seasonalNaive")
        #expect(forecast.mean[1] > 250)
    }

    @Test func `leaves out the time before an item was listed, but not the silence before a single sale`() throws {
        let launched = [Double](repeating: 0, count: 50) + [10, 12, 11, 9, 10, 13, 11, 12, 10, 11]
        let forecast = try answer(launched)
        #expect(forecast.method == "exponentialSmoothing")
        #expect(isClose(forecast.mean[0], 11, within: 1))
        #expect(forecast.explanation.notes.contains { $0.hasPrefix("50 empty periods") })
        #expect(try answer([Double](repeating: 0, count: 50) + [5]).mean[0] < 0.2)
    }

    @Test(arguments: [-1.0, .nan, .infinity, 1e101])
    func `an impossible demand is refused with its period and value`(value: Double) {
        #expect(throws: ForecastError.invalidDemand(period: 2, value: value)) { try DemandSeries([3, 0, value, 3]) }
        #expect(ForecastError.invalidDemand(period: 2, value: value).description.contains("demand[2] is \(value)"))
    }

    @Test func `nonsense in the request is refused by name`() {
        #expect(throws: ForecastError.emptyHistory) { try DemandSeries([]) }
        #expect(throws: ForecastError.invalidSeason(0)) { try DemandSeries([1], season: 0) }
        #expect(throws: ForecastError.invalidHorizon(0)) { try ForecastRequest(horizon: 0) }
        #expect(throws: ForecastError.invalidLevel(1)) { try ForecastRequest(horizon: 1, levels: [0.5, 1]) }
    }

    @Test func `many series are answered in order`() throws {
        let series = try [[1.0, 2, 3], [0, 0]].map { try DemandSeries($0) }
        let answers = try AutomaticMethod().forecast(series, ForecastRequest(horizon: 1)).map { try $0.get().method }
        #expect(answers == ["historicalMean", "noDemand"])
    }
}
