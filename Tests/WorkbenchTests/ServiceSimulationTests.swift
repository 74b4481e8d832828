import Foundation
import Planning
import Testing
@testable import Workbench

@Suite struct `A simulation of stocking rules` {
    static let targets = [0.5, 0.8, 0.9, 0.95].map { ServiceTarget.fillRate($0) }

    private func simulation(threads: Int = 1) throws -> ServiceSimulation {
        try ServiceSimulation(
            review: PeriodicReview(review: 1, leadTime: 2), periods: 52, refresh: 26, targets: Self.targets, threads: threads)
    }

    @Test(arguments: StockingRule.allCases)
    func `gives more service for more stock, the same on two threads`(rule: StockingRule) async throws {
        let demands = ServiceSimulation.generated(items: 24, periods: 130, season: 1, seed: 3)
        let curve = try await simulation().curve(rule, demands)
        for (lower, upper) in zip(curve.points, curve.points.dropFirst()) {
            #expect(try #require(lower.result.fillRate) < #require(upper.result.fillRate))
            #expect(lower.periodsOfStock < upper.periodsOfStock)
        }
        // The first periods, in which no order of the simulation can have arrived, are not counted.
        #expect(curve.points[0].result.periods == 24 * (52 - 3))
        #expect(try await simulation(threads: 2).curve(rule, demands) == curve)
    }

    @Test func `keeps near what it aims at with what a pool has learnt`() async throws {
        let demands = ServiceSimulation.generated(items: 80, periods: 156, season: 1, seed: 5)
        for point in try await simulation().curve(.pooled, demands).points.dropFirst() {
            #expect(abs(try #require(point.result.fillRate) - point.target) < 0.05)
        }
    }

    @Test func `learns only from what was before`() async throws {
        let demands = ServiceSimulation.generated(items: 12, periods: 104, season: 1, seed: 9)
        let simulation = try ServiceSimulation(
            review: PeriodicReview(review: 1, leadTime: 2), periods: 52, refresh: 52, targets: [.cycleService(0.9)])
        // A later demand that nobody could know of changes what is short, and no order before it.
        let surprised = demands.map { Array($0.dropLast()) + [1e6] }
        let (calm, shaken) = (
            try await simulation.curve(.pooled, demands).points[0].result,
            try await simulation.curve(.pooled, surprised).points[0].result
        )
        #expect(shaken.short > calm.short)
        #expect(shaken.failed - calm.failed <= 12)
        #expect(!simulation.canLearn(from: [Double](repeating: 0, count: 60) + [Double](repeating: 4, count: 52)))
        #expect(!simulation.canLearn(from: [Double](repeating: 4, count: 52)))
    }

    @Test func `refuses figures that cannot be, by the name of their option`() throws {
        let review = try PeriodicReview(review: 1, leadTime: 4)
        #expect(throws: WorkbenchError.option(name: "--periods", found: "5", expected: "more than lead time and review, 5")) {
            try ServiceSimulation(review: review, periods: 5, targets: Self.targets)
        }
        #expect(throws: WorkbenchError.self) { try ServiceSimulation(review: review, periods: 20, targets: []) }
    }

    @Test func `is drawn and written out whole`() async throws {
        let demands = ServiceSimulation.generated(items: 12, periods: 130, season: 1, seed: 3)
        let curves = [try await simulation().curve(.textbook, demands), try await simulation().curve(.pooled, demands)]
        let table = CurveTable(curves)
        #expect(table.csv.split(separator: "\n").count == 1 + 2 * Self.targets.count)
        #expect(table.rows.count == 2 * Self.targets.count && table.stock(atFillRates: [0.9, 0.95]).map(\.count) == [3, 3])
        let picture = CurvePicture(curves, caption: "12 items < 13 & more").svg
        #expect(picture.components(separatedBy: "<polyline").count == 3)
        #expect(picture.components(separatedBy: "<circle").count == 1 + 2 * Self.targets.count)
        #expect(picture.contains("12 items &lt; 13 &amp; more") && picture.hasSuffix("</svg>\n"))
        let parser = XMLText(picture)
        #expect(parser.isWellFormed)
    }

    @Test func `stretches the axis where service is dear`() {
        let scale = Scale(towardsOneFrom: 0.55, to: 0.985)
        #expect(scale.ticks.map(\.label) == ["40 %", "60 %", "80 %", "90 %", "95 %", "98 %", "99 %"])
        let (upper, lower) = (scale.share(0.99) - scale.share(0.98), scale.share(0.98) - scale.share(0.96))
        #expect(abs(upper - lower) < 1e-12)
        let plain = Scale(from: 0, to: 16.3, count: 8) { "\($0)" }
        #expect(plain.ticks.map(\.value) == [0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5] && plain.share(17.5) == 1)
    }
}

/// Whether the elements of a drawing are closed in the order they were opened.
private struct XMLText {
    let isWellFormed: Bool

    init(_ text: String) {
        var open: [Substring] = []
        var sound = true
        for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
            guard let end = part.firstIndex(of: ">") else {
                sound = false
                break
            }
            let tag = part[..<end]
            if tag.hasSuffix("/") { continue }
            if tag.hasPrefix("/") {
                sound = sound && open.popLast() == tag.dropFirst()
            } else {
                open.append(tag.prefix { $0 != " " })
            }
        }
        isWellFormed = sound && open.isEmpty
    }
}
