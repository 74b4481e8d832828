import Foundation
import Testing

@testable import Planning

/// What a pool of intermittent series learns, on demand whose law is known.
@Suite struct `A pool of intermittent series` {
    private func answers(_ series: [[Double]], protection: Int = 3) throws -> [SeriesForecast] {
        let request = try ForecastRequest(horizon: 6, protection: protection)
        return try CombinedMethod().forecast(series.map { try DemandSeries($0) }, request).map { try $0.get() }
    }

    @Test func `logarithm and exponential of eight numbers agree with the library's`() {
        let values = Lanes(1e-300, 3e-9, 0.5, 0.999_999, 1, 1.000_001, 7.25, 1e300)
        let logarithms = LaneMath.logarithm(values)
        for lane in 0..<8 {
            let exact = log(values[lane])
            #expect(isClose(logarithms[lane], exact, within: 1e-13 * max(1, abs(exact))))
        }
        let powers = Lanes(-699, -30, -1e-3, 0, 0.3, 1, 88, 699)
        let exponentials = LaneMath.exponential(powers)
        for lane in 0..<8 { #expect(isClose(exponentials[lane] / exp(powers[lane]), 1, within: 1e-12)) }
        #expect(LaneMath.exponential(Lanes(repeating: -1e9))[0] > 0)
    }

    @Test func `what is remembered are discounted means that begin with the first period`() {
        var trace = DemandTrace()
        let values: [Double] = [0, 3, 0, 0, 5, 2, 0]
        for value in values { trace.add(value) }
        var (expected, often, weights) = (0.0, 0.0, 0.0)
        for value in values {
            expected = 0.78 * expected + value
            often = 0.78 * often + (value > 0 ? 1 : 0)
            weights = 0.78 * weights + 1
        }
        #expect(isClose(trace.levels[4], expected / weights, within: 1e-12))
        #expect(isClose(trace.often[4], often / weights, within: 1e-12))
        // Sizes 3, 5, 2 at 0.2: weights 0.64, 0.8, 1.
        let size: Double = (0.64 * 3 + 0.8 * 5 + 2) / 2.44
        #expect(isClose(trace.sizes[1], size, within: 1e-12))
        #expect(isClose(trace.mean, 10.0 / 7, within: 1e-12))
        let variance: Double = (38 - 100.0 / 7) / 6
        #expect(isClose(trace.variance, variance, within: 1e-12))
    }

    @Test func `a quantile read off the grid is the gamma's`() {
        let levels = [0.05, 0.3, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999]
        let table = CountTable(levels)
        for variation in [0.4, 0.9, 1.7, 3.1] {
            var quantiles: [Double] = []
            table.quantiles(mean: 5000, variance: pow(5000 * variation, 2), grain: 1, into: &quantiles)
            let gamma = GammaDistribution(mean: 5000, variance: pow(5000 * variation, 2))
            for (level, quantile) in zip(levels, quantiles) where gamma.quantile(level) > 50 {
                #expect(isClose(quantile / gamma.quantile(level), 1, within: 0.005))
            }
        }
        var counts: [Double] = []
        table.quantiles(mean: 24, variance: 600, grain: 12, into: &counts)
        let demand = CountDistribution(mean: 2, variance: 600.0 / 144)
        #expect(counts == levels.map { 12 * demand.quantile($0) })
    }

    /// Items that are given up one after the other: only the pool can know that silence is not chance.
    @Test func `learns from its neighbours that silent items are gone`() throws {
        var numbers = SeededNumbers(seed: 3)
        let series = (0..<300).map { item in
            let end = item % 3 == 0 ? 18 + item % 24 : 48
            return (0..<48).map { $0 < end ? numbers.poisson(0.6) : 0 }
        }
        let answers = try answers(series)
        let silent = series.indices.filter { series[$0].suffix(12).allSatisfy { $0 == 0 } && series[$0].contains { $0 > 0 } }
        let alive = series.indices.filter { $0 % 3 != 0 }
        #expect(silent.count > 40)
        func average(_ places: [Int]) -> Double {
            places.reduce(0.0) { $0 + answers[$1].mean[0] } / Double(places.count)
        }
        #expect(average(silent) < 0.06)
        #expect(isClose(average(alive), 0.6, within: 0.06))
        let medians = silent.map { answers[$0].quantiles[0][0] }
        #expect(medians.allSatisfy { $0 == 0 })
    }

    @Test func `keeps the promise of its sums where the level wanders`() throws {
        var numbers = SeededNumbers(seed: 9)
        var inside = 0
        let whole = (0..<600).map { _ in
            var level = 0.4 + numbers.unit()
            return (0..<51).map { _ -> Double in
                level = max(0.05, level * exp(0.12 * numbers.normal()))
                return numbers.poisson(level)
            }
        }
        let answers = try answers(whole.map { Array($0.prefix(48)) })
        for (values, answer) in zip(whole, answers) {
            let sum: Double = values.suffix(3).reduce(0, +)
            if sum <= answer.protection[3][0] { inside += 1 }
        }
        let share = Double(inside) / 600
        #expect(share > 0.93 && share < 0.98)
    }

    @Test func `says which candidates it compared and what it learnt`() throws {
        var numbers = SeededNumbers(seed: 4)
        let answers = try answers((0..<120).map { _ in (0..<40).map { _ in numbers.unit() < 0.25 ? 1 + numbers.poisson(1) : 0 } })
        let explanation = answers[7].explanation
        #expect(explanation.demandClass == .intermittent)
        #expect(explanation.candidates.count == 6 && explanation.candidates.allSatisfy { $0.value > 0 && $0.value.isFinite })
        #expect(explanation.parameters.contains { $0.name == "share of periods with demand, weight" })
        // Demand without memory: no candidate can be better than the plain mean by more than chance.
        #expect(explanation.candidates[0].value < 1.05 * explanation.candidates[1].value)
    }

    @Test func `a pool of one, of two periods, of one spike and of silence are all answered`() throws {
        let spike = (0..<30).map { $0 == 17 ? 1e12 : 0 }
        for values in [[0, 4], spike, [Double](repeating: 0, count: 30), (0..<30).map { $0 % 5 == 0 ? 2.0 : 0 }] {
            let answer = try answers([values])[0]
            #expect(
                ([answer.mean] + answer.quantiles + answer.protection).allSatisfy { $0.allSatisfy { $0.isFinite && $0 >= 0 } })
            #expect(!answer.explanation.reason.isEmpty)
        }
        #expect(try answers([[Double](repeating: 0, count: 30)])[0].method == "noDemand")
    }

    /// Base-stock with backorders: what the newsvendor pays where a unit short costs nineteen times a unit left over.
    @Test func `its sums set levels that cost less than periods added up`() throws {
        var numbers = SeededNumbers(seed: 21)
        let whole = (0..<500).map { _ in
            let rate = 0.1 + 0.7 * numbers.unit()
            return (0..<51).map { _ in numbers.unit() < rate * 0.6 ? 1 + numbers.poisson(1.5) : 0 }
        }
        var (native, added) = (0.0, 0.0)
        for (values, answer) in zip(whole, try answers(whole.map { Array($0.prefix(48)) })) {
            let demand = try answer.protectionDemand()
            let level = try ReviewLevel(
                window: demand, leadTime: DemandDistribution(mean: 0, variance: 0), target: .cycleService(0.95)
            ).level
            #expect(level == demand.raisedToStep(answer.protection[3][0]))
            let came: Double = values.suffix(3).reduce(0, +)
            func cost(_ level: Double) -> Double { max(level - came, 0) + 19 * max(came - level, 0) }
            native += cost(level)
            added += cost(3 * answer.quantiles[3][0])
        }
        #expect(native < 0.9 * added)
        let single = try CombinedMethod().forecast(DemandSeries(whole[0]), ForecastRequest(horizon: 2))
        #expect(throws: PolicyError.self) { try single.protectionDemand() }
    }
}
