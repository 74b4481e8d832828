import Planning
import Testing

@Suite struct `Accuracy` {
    let actual = [0.0, 0, 5, 0, 0, 3, 0, 0]
    let flat = [Double](repeating: 1, count: 8)

    @Test func `of a flat, unbiased forecast of sparse demand`() throws {
        // The series with which the formulas' source argues against sMAPE: WAPE 1.50, no bias.
        #expect(PointAccuracy.wape(actual: actual, forecast: flat) == 1.5)
        #expect(PointAccuracy.bias(actual: actual, forecast: flat) == 0)
        #expect(PointAccuracy.trackingSignal(actual: actual, forecast: flat) == 0)
        let high = [Double](repeating: 2, count: 8)
        #expect(PointAccuracy.bias(actual: actual, forecast: high) == 1)
        #expect(isClose(try #require(PointAccuracy.trackingSignal(actual: actual, forecast: high)), 4))
    }

    @Test func `is scaled by the naive error within the history`() throws {
        let history = [1.0, 3, 2, 4]
        // Naive errors 2, 1, 2: mean 5/3, mean square 3.
        #expect(isClose(try #require(PointAccuracy.mase(actual: [5], forecast: [4], history: history)), 0.6))
        #expect(isClose(try #require(PointAccuracy.rmsse(actual: [5], forecast: [4], history: history)), (1.0 / 3).squareRoot()))
        #expect(isClose(try #require(PointAccuracy.mase(actual: [5], forecast: [4], history: history, season: 2)), 1))
    }

    @Test func `of quantiles weighs the two sides by the level`() throws {
        #expect(isClose(QuantileAccuracy.pinball(actual: 10, quantile: 8, level: 0.9), 1.8))
        #expect(isClose(QuantileAccuracy.pinball(actual: 8, quantile: 10, level: 0.9), 0.2))
        let loss = QuantileAccuracy.scaledPinball(
            actual: [10, 8], quantiles: [[8, 10], [10, 10]], levels: [0.5, 0.9], history: [1, 3, 2, 4])
        #expect(isClose(try #require(loss), (1 + 1 + 0 + 0.2) / 4 / (5.0 / 3)))
        #expect(QuantileAccuracy.coverage(actual: [1, 2, 3, 4], quantile: [2, 2, 2, 2]) == 0.5)
    }

    @Test func `is nil rather than infinite`() {
        #expect(PointAccuracy.wape(actual: [0, 0], forecast: [1, 1]) == nil)
        #expect(PointAccuracy.wape(actual: [1], forecast: [1, 2]) == nil)
        #expect(PointAccuracy.trackingSignal(actual: [1], forecast: [1]) == nil)
        #expect(PointAccuracy.mase(actual: [1], forecast: [1], history: [2, 2, 2]) == nil)
        #expect(PointAccuracy.rmsse(actual: [1], forecast: [1], history: [2]) == nil)
        #expect(QuantileAccuracy.scaledPinball(actual: [1], quantiles: [[1, 2]], levels: [0.5], history: [1, 2]) == nil)
        #expect(QuantileAccuracy.coverage(actual: [], quantile: []) == nil)
    }
}
