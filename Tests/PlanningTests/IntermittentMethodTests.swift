import Foundation
import Planning
import Testing

/// The single methods for intermittent demand against statsforecast 2.1.1 on one series, and against what their sources say.
@Suite struct `Methods for intermittent demand` {
    static let values: [Double] = [0, 0, 3, 0, 0, 0, 5, 1, 0, 0, 2, 0, 0, 0, 0, 4, 0, 0, 6, 0, 0, 1, 0, 3]

    private func level(_ method: any ForecastingMethod, _ values: [Double] = Self.values) throws -> Double {
        let forecast = try method.forecast(DemandSeries(values), ForecastRequest(horizon: 2))
        #expect(forecast.mean[0] == forecast.mean[1])
        return forecast.mean[0]
    }

    @Test func `smoothing agrees with the reference`() throws {
        // SimpleExponentialSmoothing(alpha=0.1) and (alpha=0.3)
        #expect(isClose(try level(LevelSmoothing(smoothings: [0.1])), 1.0930600076928854, within: 1e-9))
        #expect(isClose(try level(LevelSmoothing(smoothings: [0.3])), 1.4295060895289908, within: 1e-9))
    }

    @Test func `smoothing of probability and size agrees with the reference`() throws {
        // TSB(alpha_d=0.2, alpha_p=0.1), TSB(alpha_d=0.1, alpha_p=0.3), and the first again with one empty period at the end
        let first = TeunterSyntetosBabai(sizeSmoothing: 0.2, smoothings: [0.1])
        #expect(isClose(try level(first), 1.0846556764059574, within: 1e-9))
        let second = TeunterSyntetosBabai(sizeSmoothing: 0.1, smoothings: [0.3])
        #expect(isClose(try level(second), 1.5888331080150602, within: 1e-9))
        #expect(isClose(try level(first, Self.values.dropLast()), 0.8694873879655299, within: 1e-9))
    }

    @Test func `aggregation agrees with the reference`() throws {
        // ADIDA() and IMAPA(), and both with blocks that do not fill the history
        #expect(isClose(try level(TemporalAggregation(.meanGap)), 1.0614682333335963, within: 1e-6))
        #expect(isClose(try level(TemporalAggregation()), 1.081086758418427, within: 1e-6))
        #expect(isClose(try level(TemporalAggregation(.meanGap), Self.values.dropLast()), 1.0146123333333328, within: 1e-6))
        #expect(isClose(try level(TemporalAggregation(), Self.values.dropLast()), 1.014094509102901, within: 1e-6))
    }

    @Test func `an item no longer asked for fades in every method that counts its silence`() throws {
        let stopped = Self.values + [Double](repeating: 0, count: 40)
        for method in [LevelSmoothing(), TeunterSyntetosBabai(), TemporalAggregation()] as [any ForecastingMethod] {
            #expect(try level(method, stopped) < 0.5 * level(method))
        }
    }

    @Test func `a bootstrap of lots is exact`() throws {
        // Every sequence of demand and none and every choice of sizes was enumerated (Python, itertools) with its probability.
        let dozens: [Double] = [0, 0, 12, 0, 0, 24, 12, 0, 0, 0, 12, 0, 0, 36]
        let forecast = try LotBootstrap().forecast(DemandSeries(dozens), ForecastRequest(horizon: 4, protection: 3))
        #expect(isClose([forecast.mean[0], forecast.mean[1]], [5.76, 7.776], within: 1e-9))
        #expect(isClose(forecast.mean[0] + forecast.mean[1] + forecast.mean[2], 21.0096, within: 1e-9))
        #expect(forecast.quantiles.map { $0[0] } == [0, 12, 24, 36, 36])
        #expect(forecast.quantiles.map { $0[1] } == [0, 12, 24, 36, 36])
        #expect(forecast.protection.map { $0[0] } == [12, 36, 48, 48, 72])
        #expect(forecast.protection.map { $0[1] } == [24, 36, 48, 60, 72])
    }

    @Test func `each explains itself, and says so when nothing was ever asked for`() throws {
        let methods: [any ForecastingMethod] = [
            LevelSmoothing(), TeunterSyntetosBabai(), TemporalAggregation(), TemporalAggregation(.meanGap), LotBootstrap(),
        ]
        #expect(methods.map(\.name) == ["levelSmoothing", "tsb", "imapa", "adida", "lotBootstrap"])
        for method in methods {
            let forecast = try method.forecast(DemandSeries(Self.values), ForecastRequest(horizon: 1))
            #expect(forecast.method == method.name && !forecast.explanation.parameters.isEmpty)
            let nothing = try method.forecast(DemandSeries([0, 0, 0]), ForecastRequest(horizon: 1))
            #expect(nothing.method == "noDemand" && nothing.mean == [0])
        }
    }

    @Test(arguments: [1000, 0.5, 1e9])
    func `each scales with its unit`(factor: Double) throws {
        let request = try ForecastRequest(horizon: 3, protection: 2)
        let methods: [any ForecastingMethod] = [
            LevelSmoothing(), TeunterSyntetosBabai(), TemporalAggregation(), LotBootstrap(), CombinedMethod(),
        ]
        for method in methods {
            let plain = try method.forecast(DemandSeries(Self.values), request)
            let scaled = try method.forecast(DemandSeries(Self.values.map { $0 * factor }), request)
            let figures = plain.mean + plain.quantiles.flatMap { $0 } + plain.protection.flatMap { $0 }
            let others = scaled.mean + scaled.quantiles.flatMap { $0 } + scaled.protection.flatMap { $0 }
            #expect(isClose(others.map { $0 / factor }, figures, within: 1e-4))
        }
    }
}
