import Foundation
import Testing

@testable import Planning

/// Reference: `AutoETS` of statsforecast 2.1.1 with the form given. It optimises the first states too; ours takes those of a
/// season from the history. On demand that has trebled an adding season then differs by up to a tenth, a multiplying one by a
/// twentieth; forms without a season are compared within half of one one-step error.
@Suite struct `Smoothing in lanes` {
    private func means(
        _ values: [Double], _ proportion: Bool, _ trend: LaneSmoothing.Form.Trend, _ season: LaneSmoothing.Form.Season,
        _ horizon: Int
    ) throws -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let scaled = values.map { $0 / mean }[...]
        let form = LaneSmoothing.Form(errorMultiplies: proportion, trend: trend, season: season)
        let start = LaneSmoothing.Start(
            scaled, adds: season == .none ? nil : SeasonalFigure(scaled, season: 12, multiplies: false),
            multiplies: season == .none ? nil : SeasonalFigure(scaled, season: 12, multiplies: true))
        let fit = try #require(LaneSmoothing(form, scaled, start: start, logarithms: scaled.reduce(0) { $0 + log($1) }))
        return fit.outlook(horizon).means.map { $0 * mean }
    }

    @Test func `agrees with another program without a season`() throws {
        let (nile, line) = (ReferenceSeries.nile, ReferenceSeries.line)
        #expect(isClose(try means(nile, false, .none, .none, 2), [951.4, 951.4], within: 15))
        #expect(isClose(try means(nile, true, .none, .none, 2), [944, 944], within: 15))
        #expect(isClose(try means(line, false, .linear, .none, 4), [190.1, 193.1, 196.1, 199.1], within: 2.5))
        #expect(isClose(try means(line, false, .damped, .none, 4), [189.3, 192.1, 194.9, 197.7], within: 2.5))
        // In proportion the two come to slopes of 3.1 and 3.0.
        #expect(isClose(try means(line, true, .linear, .none, 4), [189.8, 192.8, 195.7, 198.7], within: 3))
    }

    @Test func `agrees with another program on a season`() throws {
        let adding = [224.01, 230.05, 253.8, 242.63, 241.91, 261.3, 279.18, 282.89, 261.27, 239.58, 219.99, 240.37]
        let multiplying = [215.35, 224.28, 254.91, 244.04, 238.04, 263.76, 287.91, 292.12, 261.66, 229.74, 200.76, 228.95]
        for (ours, theirs) in zip(try means(ReferenceSeries.passengers, false, .linear, .adds, 12), adding) {
            #expect(abs(ours / theirs - 1) < 0.1)
        }
        for (ours, theirs) in zip(try means(ReferenceSeries.passengers, true, .linear, .multiplies, 12), multiplying) {
            #expect(abs(ours / theirs - 1) < 0.06)
        }
    }

    @Test func `errors in proportion do not lift the forecast`() throws {
        var numbers = SeededNumbers(seed: 12)
        var lift = 0.0
        for _ in 0..<100 {
            // Demand that doubles or halves by chance around a level of 100.
            let values = (0..<80).map { _ in 100 * max(0.05, 1 + 0.35 * numbers.normal()) }
            let mean = values.reduce(0, +) / 80
            let scaled = values.map { $0 / mean }
            let form = LaneSmoothing.Form(errorMultiplies: true, trend: .none, season: .none)
            let fit = try #require(
                LaneSmoothing(
                    form, scaled[...], start: .init(scaled[...], adds: nil, multiplies: nil),
                    logarithms: scaled.reduce(0) { $0 + log($1) }))
            lift += fit.outlook(1).means[0] - 1
        }
        // Least squares in proportion alone would expect some 0.35^2 = 12 % too much.
        #expect(isClose(lift / 100, 0, within: 0.03))
    }

    /// Steps around a steady growth: the least squares alone give the trend's weight 0.04 in the mean.
    @Test func `a short history hardly turns its trend`() throws {
        var numbers = SeededNumbers(seed: 6)
        var weights = 0.0
        for _ in 0..<400 {
            var level = 100.0
            let values = (0..<14).map { _ -> Double in
                level = max(1, level + 2 + 4 * numbers.normal())
                return level
            }
            let mean = values.reduce(0, +) / 14
            let scaled = values.map { $0 / mean }[...]
            let form = LaneSmoothing.Form(errorMultiplies: false, trend: .linear, season: .none)
            weights += try #require(
                LaneSmoothing(form, scaled, start: .init(scaled, adds: nil, multiplies: nil), logarithms: 0)
            ).beta
        }
        #expect(weights / 400 < 0.03)
    }
}
