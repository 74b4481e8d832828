import Testing

@testable import Planning

/// Days of a week that a pool of intermittent items has in common, on demand whose law is known.
@Suite struct `A season that many items share` {
    /// Nobody orders on the last day of the week, and on the first one twice as much as on the others.
    private static let days = [2.0, 1, 1, 1, 1, 1, 0]

    private func pool(_ count: Int, days: Int, shape: [Double] = Self.days, seed: UInt64 = 17) -> [[Double]] {
        var numbers = SeededNumbers(seed: seed)
        return (0..<count).map { item in
            let rate = 0.1 + 0.4 * Double(item % 5) / 5
            return (0..<days).map { numbers.poisson(rate * shape[$0 % 7]) }
        }
    }

    private func series(_ values: [[Double]]) throws -> [DemandSeries] { try values.map { try DemandSeries($0, season: 7) } }

    @Test func `is found, and turned to the day that follows`() throws {
        // 140 days are twenty weeks, 143 end on the third day of one.
        for known in [140, 143] {
            let histories = try series(pool(150, days: known))
            let season = try #require(PooledSeason(histories))
            for ahead in -7..<14 {
                let expected = Self.days[(known + ahead + 7) % 7]
                #expect(isClose(season.factor(ahead), expected, within: 0.15))
            }
            #expect(isClose(season.factors.reduce(0, +), 7, within: 1e-9))
        }
    }

    @Test func `is no more than chance where there is none, and none for a single period`() throws {
        let flat = pool(150, days: 140, shape: [1, 1, 1, 1, 1, 1, 1])
        let season = PooledSeason(try series(flat))
        for ahead in 0..<7 { #expect(isClose(season?.factor(ahead) ?? 1, 1, within: 0.08)) }
        let (single, brief) = (try flat.map { try DemandSeries($0) }, try series([[0, 0, 0, 2]]))
        for histories in [single, brief, []] { #expect(PooledSeason(histories) == nil) }
    }

    @Test func `is seen from where each history ends`() throws {
        let values = pool(150, days: 143)
        let ended = values.indices.map { $0 % 2 == 0 ? 0 : 3 }
        let histories = try series(zip(values, ended).map { Array($0.dropLast($1)) })
        let season = try #require(PooledSeason(histories, ended: ended))
        #expect(isClose(season.factor(3), 0, within: 0.1))
        #expect(isClose(season.seen(from: 3).factor(6), 0, within: 0.1))
        #expect(season.seen(from: 0).factors == season.factors)
    }

    @Test func `gives every day its own quantiles, and sums that keep their promise`() throws {
        let whole = pool(400, days: 154)
        let request = try ForecastRequest(horizon: 14, levels: [0.5, 0.95], protection: 3)
        let answers = try CombinedMethod().forecast(series(whole.map { Array($0.prefix(140)) }), request).map { try $0.get() }
        var inside = [Double](repeating: 0, count: 12)
        for (values, answer) in zip(whole, answers) {
            #expect(answer.method == "pooledLevel")
            #expect(answer.quantiles[1][6] == 0 && answer.mean[6] < 0.05 * answer.mean[5])
            #expect(isClose(answer.mean[0] / answer.mean[1], 2, within: 0.3))
            for first in 0..<12 {
                let came = values[140 + first..<143 + first].reduce(0, +)
                if came <= answer.protection[1][first] { inside[first] += 1 / 400 }
            }
        }
        // Whole units cover more than they promise where few are asked for.
        for share in inside { #expect(share > 0.925 && share < 0.995) }
    }

    @Test func `leaves what is remembered alone where all periods are alike`() {
        var (plain, seasoned) = (DemandTrace(), DemandTrace())
        for value in [0, 3, 0, 0, 5, 2, 0, 1] as [Double] {
            plain.add(value)
            seasoned.add(value, factor: 1)
        }
        for lane in 0..<8 {
            #expect(isClose(plain.levels[lane], seasoned.levels[lane], within: 1e-12))
            #expect(isClose(plain.often[lane], seasoned.often[lane], within: 1e-12))
        }
        #expect(isClose(plain.mean, seasoned.mean, within: 1e-12) && isClose(plain.variance, seasoned.variance, within: 1e-12))
    }

    @Test func `takes the season out of what is remembered`() {
        var trace = DemandTrace()
        // Twice as much on the first of two days, each day as expected.
        for _ in 0..<20 {
            trace.add(4, factor: 4.0 / 3)
            trace.add(2, factor: 2.0 / 3)
        }
        for lane in 0..<8 { #expect(isClose(trace.levels[lane], 3, within: 1e-9)) }
        #expect(isClose(trace.mean, 3, within: 1e-9) && isClose(trace.variance, 0, within: 1e-9))
    }
}
