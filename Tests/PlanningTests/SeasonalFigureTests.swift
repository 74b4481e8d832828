import Foundation
import Testing

@testable import Planning

@Suite struct `The figure of a season` {
    private static let months = (0..<12).map { 1 + 0.4 * sin(Double($0) * .pi / 6) }

    @Test func `is found exactly where nothing else moves`() throws {
        let values = (0..<60).map { 200 * Self.months[$0 % 12] }
        let figure = try #require(SeasonalFigure(values[...], season: 12, multiplies: true))
        #expect(isClose(figure.factors, Self.months, within: 1e-9))
        #expect(isClose(figure.removed(from: values[...]), [Double](repeating: 200, count: 60), within: 1e-6))
        let adding = try #require(SeasonalFigure(values[...], season: 12, multiplies: false))
        #expect(isClose(adding.factors, Self.months.map { 200 * $0 - 200 }, within: 1e-6))
    }

    @Test func `shrinks to nearly nothing where there is none`() throws {
        var numbers = SeededNumbers(seed: 3)
        var (shrunk, plain) = (0.0, 0.0)
        for _ in 0..<200 {
            let values = (0..<60).map { _ in 100 + 10 * numbers.normal() }
            let figure = try #require(SeasonalFigure(values[...], season: 12, multiplies: false))
            shrunk += figure.factors.reduce(0) { $0 + $1 * $1 }
            let means = (0..<12).map { month in stride(from: month, to: 60, by: 12).reduce(0) { $0 + values[$1] } / 5 }
            let mean = means.reduce(0, +) / 12
            plain += means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        // Monthly means over five years have a variance of 20 by chance alone.
        #expect(isClose(plain / 200 / 11, 20, within: 2))
        #expect(shrunk < 0.25 * plain)
    }

    @Test func `follows a season that moves, and believes a steady one`() throws {
        let moved = (0..<20).flatMap { year in (0..<12).map { 100 * Self.months[($0 + (year < 14 ? 0 : 3)) % 12] } }
        let late = (0..<12).map { 100 * Self.months[($0 + 3) % 12] }
        let figure = try #require(SeasonalFigure(moved[...], season: 12, multiplies: true))
        #expect(isClose(figure.factors, late.map { $0 / 100 }, within: 0.12))
        #expect(SeasonalFigure(moved[..<23], season: 12, multiplies: true) == nil)
    }
}
