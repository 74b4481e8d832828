import Testing

@testable import Planning

/// Reference values: statsmodels 0.15.0, `ETSModel(y, error="add", ..., initialization_method="estimated")`, on two published
/// series: oil production of Saudi Arabia 1996-2013 (R package fpp2, `oil`) and the first 60 months of Box & Jenkins' airline
/// passengers. With `fix_params` for the weights the initial states are a least-squares problem with one answer, to be met
/// closely; free weights are met in the squared error.
@Suite struct `Exponential smoothing` {
    static let oil = [
        445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87, 456.72, 473.82,
        525.95,
        549.83, 542.34,
    ]
    static let airline: [Double] = [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
        145, 150,
        178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194, 196, 196,
        236, 235,
        229, 243, 264, 272, 237, 211, 180, 201,
    ]

    @Test func `simple smoothing finds the published level and weight of the oil series`() throws {
        // statsmodels: alpha 0.83378, initial level 446.57347, SSE 14236.772, forecast 542.67914. Hyndman & Athanasopoulos, 8.1:
        // 0.83, 446.6.
        let fit = try #require(SmoothingFit(SmoothingForm(hasTrend: false, season: 1), Self.oil))
        #expect(isClose(fit.weights.alpha, 0.83378, within: 0.001))
        #expect(isClose(fit.initial[0], 446.57, within: 0.05))
        #expect(isClose(fit.squares, 14236.772, within: 0.05))
        let forecast = try ExponentialSmoothing(forms: [.simple]).forecast(DemandSeries(Self.oil), ForecastRequest(horizon: 3))
        #expect(isClose(forecast.mean, [542.679, 542.679, 542.679], within: 0.02))
    }

    @Test func `given weights, the best initial states are those of the reference`() throws {
        let simple = try #require(
            SmoothingFit(SmoothingForm(hasTrend: false, season: 1), Self.oil, weights: SmoothingWeights(alpha: 0.3)))
        #expect(isClose(simple.initial[0], 450.22613, within: 0.005))
        #expect(isClose(simple.squares, 17616.526464, within: 1e-3))
        #expect(isClose(simple.final[0], 520.54481, within: 0.001))

        let form = SmoothingForm(hasTrend: true, season: 1)
        let damped = try #require(SmoothingFit(form, Self.oil, weights: SmoothingWeights(alpha: 0.4, beta: 0.1, phi: 0.9)))
        #expect(isClose(damped.squares, 16743.042732, within: 1e-2))
        #expect(isClose(damped.initial, [437.36339, 3.09094], within: 0.01))
        let means = SmoothingFilter(form: form, values: []).means(damped.weights, states: damped.final, horizon: 6)
        #expect(isClose(means, [539.68419, 545.82328, 551.34845, 556.32111, 560.79651, 564.82436], within: 0.001))
    }

    @Test func `the seasonal damped trend with given weights forecasts what the reference forecasts`() throws {
        let form = SmoothingForm(hasTrend: true, season: 12)
        let weights = SmoothingWeights(alpha: 0.4, beta: 0.05, gamma: 0.2, phi: 0.95)
        let fit = try #require(SmoothingFit(form, Self.airline, weights: weights))
        // Least squares solves exactly what the reference searches for, so ours may be a little lower, never higher.
        #expect(fit.squares <= 3380.2206 && fit.squares > 3378)
        let filter = SmoothingFilter(form: form, values: [])
        let means = filter.means(weights, states: fit.final, horizon: 14)
        let expected = [
            207.94689, 212.19813, 234.1875, 224.13971, 219.22768, 235.47773, 250.49472, 251.85912, 225.30131, 202.43714,
            180.98193,
            201.86131, 204.96847, 209.36863,
        ]
        #expect(isClose(means, expected, within: 0.3))
        // Forecast variances in units of the one-step variance, exact for the model.
        let spread = ForecastSpread(deviation: 1, weights: filter.errorWeights(weights, horizon: 14))
        let variances = [
            1.0, 1.200256, 1.442936, 1.729689, 2.061718, 2.43983, 2.864494, 3.335885, 3.853926, 4.418322, 5.028596, 5.684113,
            6.758772,
            7.502377,
        ]
        #expect(isClose(spread.variances(horizon: 14), variances, within: 1e-5))
    }

    @Test func `free weights fit at least as well as the reference`() throws {
        // statsmodels: ANA 2676.450778, AAdA 4033.87 (stuck), oil AAdN 11070.92.
        let seasonal = try #require(SmoothingFit(SmoothingForm(hasTrend: false, season: 12), Self.airline))
        #expect(seasonal.squares <= 2676.451 * 1.002)
        let both = try #require(SmoothingFit(SmoothingForm(hasTrend: true, season: 12), Self.airline))
        #expect(both.squares <= 2676.451)
        let damped = try #require(SmoothingFit(SmoothingForm(hasTrend: true, season: 1), Self.oil))
        #expect(damped.squares <= 11070.92 * 1.002)
    }

    @Test func `a season that is there is chosen, and one that is not is not`() throws {
        let seasonal = try ExponentialSmoothing().forecast(DemandSeries(Self.airline, season: 12), ForecastRequest(horizon: 12))
        #expect(seasonal.explanation.candidates.count == 4)
        #expect(seasonal.explanation.parameters.contains { $0.name == "gamma" })
        var numbers = SeededNumbers(seed: 1)
        let noise = (0..<60).map { _ in 100 + 10 * numbers.normal() }
        let plain = try ExponentialSmoothing().forecast(DemandSeries(noise, season: 12), ForecastRequest(horizon: 12))
        #expect(!plain.explanation.parameters.contains { $0.name == "gamma" })
    }

    @Test func `the sum over an interval has the variance of the simulated model`() throws {
        // Two periods of simple smoothing with alpha 0.5: errors e1 and 0.5 e1 + e2, so the sum has variance 1.5^2 + 1.
        let spread = ForecastSpread(deviation: 2, weights: [0.5, 0.5])
        #expect(isClose(spread.sumVariance(over: 0..<2), 4 * 3.25))
        #expect(isClose(spread.sumVariance(over: 0..<1), 4))
        #expect(isClose(spread.sumVariance(over: 1..<2), 4 * 1.25))
        #expect(isClose(spread.sumVariance(over: 1..<3), 4 * (1 + 1.5 * 1.5 + 1)))
        #expect(isClose(ForecastSpread(deviation: 0, levelVariance: 3).sumVariance(over: 0..<4), 48))
    }

    @Test func `too short a history says what it needs`() throws {
        let history = try DemandSeries([1, 2])
        #expect(throws: ForecastError.historyTooShort(method: "exponentialSmoothing", needs: 5, has: 2)) {
            try ExponentialSmoothing().forecast(history, ForecastRequest(horizon: 1))
        }
    }
}
