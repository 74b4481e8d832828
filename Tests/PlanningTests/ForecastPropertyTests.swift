import Foundation
import Planning
import Testing

/// What must hold of every forecast, on series made to break it.
@Suite struct `Every forecast` {
    static let adversarial: [[Double]] = {
        var numbers = SeededNumbers(seed: 42)
        let trend = (0..<60).map { 10 + 3 * Double($0) }
        let noise = (0..<60).map { _ in max(0, 50 + 30 * numbers.normal()) }
        var spike = [Double](repeating: 3, count: 60)
        spike[59] = 1e9
        var early = [Double](repeating: 0, count: 60)
        early[0] = 1e6
        let falling = (0..<60).map { max(0, 100 - 2 * Double($0)) }
        let sawtooth = (0..<60).map { Double($0 % 2) * 1e5 }
        let season = (0..<60).map { 100 + 80 * sin(Double($0) * .pi / 6) }
        return [
            [0], [7], [0, 5], [5, 0], [1e12, 1e12], [1, 1e12], [0, 0, 0, 0], [Double](repeating: 4, count: 30), trend, noise,
            spike, early,
            falling, sawtooth, season, noise.map { $0 * 1e12 }, noise.map { $0 * 1e-12 }, season.map { $0 * 1e12 },
            noise.map { ($0 / 40).rounded(.down) }, (0..<30).map { pow(2, Double($0)) }, (0..<30).map { pow(10, Double($0)) },
            [0.1, 0.2, 0.3, 0.1, 0.2, 0.3], (0..<12).map { $0 == 11 ? 1e12 : 0 }, [1e100, 0, 1e100, 5, 1e100, 1e99, 0, 1e100],
        ]
    }()
    static let methods: [any ForecastingMethod] = [
        AutomaticMethod(), CombinedMethod(), CombinedMethod(onlyCounts: true), ExponentialSmoothing(), CrostonSBA(),
        SeasonalNaive(), Naive(), HistoricalMean(), LevelSmoothing(), TeunterSyntetosBabai(), TemporalAggregation(),
        TemporalAggregation(.meanGap), LotBootstrap(),
    ]

    @Test(arguments: adversarial.indices)
    func `is finite, not negative, ordered by level and in proportion to its history`(index: Int) throws {
        let values = Self.adversarial[index]
        let request = try ForecastRequest(horizon: 18, levels: [0.01, 0.5, 0.8, 0.95, 0.99])
        for method in Self.methods {
            for season in [1, 12] {
                let history = try DemandSeries(values, season: season)
                guard let forecast = try? method.forecast(history, request) else { continue }
                let largest = values.max() ?? 0
                let rows = [forecast.mean] + forecast.quantiles
                #expect(rows.allSatisfy { $0.count == 18 && $0.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 60 * largest } })
                for (lower, upper) in zip(forecast.quantiles, forecast.quantiles.dropFirst()) {
                    #expect(zip(lower, upper).allSatisfy { $0 <= $1 })
                }
                let sum = try forecast.demand(overNext: 6.5)
                #expect(sum.mean.isFinite && sum.quantile(0.99).isFinite && sum.quantile(0.5) <= sum.quantile(0.99))
                #expect(sum.quantile(0.99) <= 400 * largest)
            }
        }
    }

    @Test func `is given for every valid series by the automatic method`() throws {
        let request = try ForecastRequest(horizon: 3)
        for values in Self.adversarial {
            for season in [1, 4, 12, 52] {
                #expect(throws: Never.self) { try AutomaticMethod().forecast(DemandSeries(values, season: season), request) }
            }
        }
    }

    @Test(arguments: [1000, 0.001, 3, 1e9])
    func `scales with its unit`(factor: Double) throws {
        var numbers = SeededNumbers(seed: 8)
        let smooth = (0..<48).map { (200 + 50 * sin(Double($0) * .pi / 6) + 20 * numbers.normal()).rounded() }
        let sparse = (0..<48).map { _ in numbers.unit() < 0.3 ? 1 + numbers.poisson(2) : 0 }
        let request = try ForecastRequest(horizon: 6)
        for values in [smooth, sparse] {
            let plain = try AutomaticMethod().forecast(DemandSeries(values, season: 12), request)
            let scaled = try AutomaticMethod().forecast(DemandSeries(values.map { $0 * factor }, season: 12), request)
            #expect(plain.method == scaled.method)
            for (row, other) in zip([plain.mean] + plain.quantiles, [scaled.mean] + scaled.quantiles) {
                for (value, larger) in zip(row, other) {
                    #expect(isClose(larger / factor, value, within: 1e-4 * max(1, value)))
                }
            }
        }
    }

    @Test(arguments: [1e-9, 1e12])
    func `of a pool scales with the unit of each series`(factor: Double) throws {
        var numbers = SeededNumbers(seed: 19)
        let request = try ForecastRequest(horizon: 6, protection: 3)
        let pool = (0..<12).map { series in
            (0..<50).map { month -> Double in
                let season = 1 + 0.3 * sin(Double(month + series) * .pi / 6)
                return 40 * season * (1 + 0.01 * Double(month)) * max(0.1, 1 + 0.1 * numbers.normal())
            }
        }
        let plain = CombinedMethod().forecast(try pool.map { try DemandSeries($0, season: 12) }, request)
        let scaled = CombinedMethod().forecast(
            try pool.map { try DemandSeries($0.map { $0 * factor }, season: 12) }, request)
        for (one, other) in zip(plain, scaled) {
            let (one, other) = (try one.get(), try other.get())
            for (row, larger) in zip(
                [one.mean] + one.quantiles + one.protection, [other.mean] + other.quantiles + other.protection)
            {
                #expect(zip(row, larger).allSatisfy { abs($1 / factor / $0 - 1) < 1e-3 })
            }
        }
    }

    @Test func `is the same each time`() throws {
        let request = try ForecastRequest(horizon: 12)
        for values in Self.adversarial {
            let series = try DemandSeries(values, season: 12)
            #expect(try AutomaticMethod().forecast(series, request) == AutomaticMethod().forecast(series, request))
        }
    }

    @Test func `covers what it says on demand of its own kind`() throws {
        var numbers = SeededNumbers(seed: 77)
        var (covered, summed, count) = (0, 0, 0)
        for _ in 0..<300 {
            let values = (0..<63).map { _ in numbers.poisson(4) }
            let forecast = try AutomaticMethod().forecast(
                DemandSeries(Array(values.prefix(60))), ForecastRequest(horizon: 3, levels: [0.95]))
            covered += zip(values.suffix(3), forecast.quantiles[0]).count { $0 <= $1 }
            summed += try values.suffix(3).reduce(0, +) <= forecast.demand(overNext: 3).quantile(0.95) ? 1 : 0
            count += 1
        }
        #expect(isClose(Double(covered) / Double(3 * count), 0.96, within: 0.025))
        #expect(isClose(Double(summed) / Double(count), 0.95, within: 0.04))
    }

    @Test func `more periods than the horizon are not invented`() throws {
        let forecast = try HistoricalMean().forecast(DemandSeries([1, 2, 3]), ForecastRequest(horizon: 2))
        #expect(throws: ForecastError.beyondHorizon(asked: 2.5, horizon: 2)) { try forecast.demand(overNext: 2.5) }
        #expect(throws: ForecastError.beyondHorizon(asked: 3, horizon: 2)) { try forecast.demand(in: 1..<3) }
    }
}
