import Foundation
import Testing

@testable import Planning

@Suite struct `A pool of series` {
    private func pool(seed: UInt64 = 5) throws -> [DemandSeries] {
        var numbers = SeededNumbers(seed: seed)
        return try (0..<60).map { series in
            let level = 20 + 5 * Double(series % 7)
            let values = (0..<48).map { month -> Double in
                if series % 3 == 0 { return numbers.unit() < 0.3 ? 1 + numbers.poisson(2) : 0 }
                return max(0, level * (1 + 0.4 * sin(Double(month) * .pi / 6)) + 3 * numbers.normal())
            }
            return try DemandSeries(values, season: 12)
        }
    }

    @Test func `answers the same in any order and names its method`() throws {
        let request = try ForecastRequest(horizon: 6, protection: 3)
        let series = try pool()
        let forward = try CombinedMethod().forecast(series, request).map { try $0.get() }
        let backward = try CombinedMethod().forecast(series.reversed(), request).map { try $0.get() }.reversed()
        for (one, other) in zip(forward, backward) {
            #expect(isClose(one.mean, other.mean, within: 1e-9))
            #expect(zip(one.quantiles, other.quantiles).allSatisfy { isClose($0, $1, within: 1e-6) })
            #expect(zip(one.protection, other.protection).allSatisfy { isClose($0, $1, within: 1e-6) })
        }
        #expect(Set(forward.map(\.method)) == ["combined", "pooledLevel"])
    }

    @Test func `follows a season, and gives sums in order of level`() throws {
        let request = try ForecastRequest(horizon: 6, protection: 3)
        let answers = try CombinedMethod().forecast(try pool(), request).map { try $0.get() }
        // 48 months are whole years: the next month has no season, the fourth has the top of it.
        #expect(answers[1].mean[3] > 1.25 * answers[1].mean[0])
        for answer in answers {
            #expect(answer.protection.count == 5 && answer.protection.allSatisfy { $0.count == 4 })
            for (lower, upper) in zip(answer.protection, answer.protection.dropFirst()) {
                #expect(zip(lower, upper).allSatisfy { $0 <= $1 })
            }
        }
        #expect(answers[1].explanation.candidates.map(\.name).contains { $0.hasPrefix("theta") })
    }

    @Test func `covers new demand of its own kind as often as it says`() throws {
        let request = try ForecastRequest(horizon: 3, levels: [0.8, 0.95], protection: 3)
        var numbers = SeededNumbers(seed: 31)
        let whole = (0..<400).map { series in (0..<45).map { _ in numbers.poisson(series % 2 == 0 ? 0.4 : 9) } }
        let known = try whole.map { try DemandSeries(Array($0.prefix(42))) }
        let answers = try CombinedMethod().forecast(known, request).map { try $0.get() }
        for (place, level) in request.levels.enumerated() {
            let inside = zip(whole, answers).count { $0.suffix(3).reduce(0, +) <= $1.protection[place][0] }
            // Whole numbers overshoot the level; they may not fall short of it by more than chance.
            #expect(Double(inside) / 400 > level - 0.04)
            #expect(Double(inside) / 400 < level + 0.14)
        }
    }

    @Test func `dynamic Theta continues a straight line`() throws {
        let line = (0..<40).map { 100 + 2 * Double($0) }
        let answer = CombinedMethod().forecast(try DemandSeries(line), try ForecastRequest(horizon: 4))
        #expect(isClose(answer.mean, [180, 182, 184, 186], within: 4))
    }

    @Test func `a sum longer than the horizon is refused`() {
        #expect(throws: ForecastError.beyondHorizon(asked: 5, horizon: 4)) { try ForecastRequest(horizon: 4, protection: 5) }
    }

    private func weights(_ series: [[Double]]) throws -> [String: Double] {
        let answers = try CombinedMethod().forecast(
            series.map { try DemandSeries($0) }, try ForecastRequest(horizon: 6)
        ).map { try $0.get() }
        let shown = answers[0].explanation.parameters.filter { $0.name.hasSuffix(", weight") }
        return Dictionary(shown.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `candidates that came equally near count alike, and the level counts where nothing grows`() throws {
        var numbers = SeededNumbers(seed: 8)
        func pool(growth: Double) throws -> [String: Double] {
            try weights(
                (0..<80).map { _ in (0..<40).map { 100 + growth * Double($0) + 2 * numbers.normal() } })
        }
        let (still, growing) = (try pool(growth: 0), try pool(growth: 2))
        // Amounts that differ by two percent have logarithms that say the same.
        #expect(isClose(still["theta, weight"] ?? 0, still["thetaOfLogarithms, weight"] ?? 1, within: 0.02))
        #expect(growing["level, weight"] ?? 1 < 0.01)
        #expect(still["level, weight"] ?? 0 > 0.05)
        for pool in [still, growing] { #expect(isClose(pool.values.reduce(0, +), 1, within: 1e-9)) }
    }
}
