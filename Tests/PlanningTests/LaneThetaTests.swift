import Foundation
import Testing

@testable import Planning

/// Reference: `DynamicOptimizedTheta` of statsforecast 2.1.1 (season 1), which searches from one point where ours searches from
/// eight; forecasts are compared within half of one one-step error.
@Suite struct `Dynamic Theta` {
    @Test func `agrees with another program on a line and on a level`() throws {
        let line = try #require(LaneTheta(ReferenceSeries.line))
        #expect(isClose(line.means(4), [190.027, 192.993, 195.959, 198.924], within: 2))
        let level = try #require(LaneTheta(ReferenceSeries.nile))
        #expect(isClose(level.means(4), [956.9, 956.9, 956.9, 956.9], within: 75))
    }

    @Test func `moves with its origin and its unit`() throws {
        let plain = try #require(LaneTheta(ReferenceSeries.line)).means(6)
        let moved = try #require(LaneTheta(ReferenceSeries.line.map { 3 * $0 + 500 })).means(6)
        #expect(isClose(moved, plain.map { 3 * $0 + 500 }, within: 0.05))
    }

    @Test func `of logarithms continues what grows in proportion`() throws {
        let growing = (0..<40).map { pow(1.05, Double($0)) }
        let fit = try #require(LaneTheta(growing.map { log($0) }))
        let means = fit.means(5).map { exp($0) }
        #expect(zip(means, 40...).allSatisfy { abs($0 / pow(1.05, Double($1)) - 1) < 0.02 })
    }
}
