import Planning
import Testing

@Suite struct `The spread of a forecast known by its periods` {
    @Test(arguments: [0.0, 0.2, 0.5, 1.0])
    func `is that of the smoothing it came from`(weight: Double) {
        let origin = ForecastSpread(deviation: 8, weights: [Double](repeating: weight, count: 11))
        let read = ForecastSpread(periods: origin.variances(horizon: 12).map { $0.squareRoot() })
        #expect(isClose(read.deviation, 8))
        for length in 1...12 {
            let (found, expected) = (read.sumVariance(over: 0..<length), origin.sumVariance(over: 0..<length))
            #expect(isClose(found, expected, within: 1e-6 * expected), "\(length) periods")
        }
    }

    @Test func `of periods that do not widen is independent`() {
        let spread = ForecastSpread(periods: [3, 3, 3, 3])
        #expect(isClose(spread.sumVariance(over: 0..<4), 36))
        // Neither do narrowing ones pull each other down, nor wild ones push beyond a random walk.
        #expect(isClose(ForecastSpread(periods: [3, 1, 1, 1]).sumVariance(over: 0..<2), 18))
        #expect(ForecastSpread(periods: [1, 50, 100]).weights == [1, 1])
    }

    @Test func `of nothing is nothing`() {
        #expect(ForecastSpread(periods: []).sumVariance(over: 0..<0) == 0)
        #expect(ForecastSpread(periods: [0, 0]).sumVariance(over: 0..<2) == 0)
        #expect(ForecastSpread(periods: [.nan, -1]).deviation == 0)
    }
}
