import Planning
import Testing
import Vocabulary

@Suite struct `A planner's override` {
    private let hierarchy: Hierarchy
    private let statistical: [[Double]] = [[10, 10], [20, 20], [30, 30], [40, 40]]

    init() throws {
        hierarchy = try Hierarchy(
            leaves: ["bolt north", "bolt south", "nut north", "nut south"],
            levels: [.total(4), .init("item", ["bolt", "bolt", "nut", "nut"]), .init("region", ["n", "s", "n", "s"])])
    }

    private func override(_ node: Int, _ figure: PlannerOverride.Figure, _ periods: ClosedRange<Int> = 0...0, at time: Int64 = 1)
        -> PlannerOverride
    {
        PlannerOverride(
            node: node, first: periods.lowerBound, last: periods.upperBound, figure, madeBy: "ana", reason: "a fair",
            madeAt: Instant(microseconds: time))
    }

    private func forecast(_ overrides: PlannerOverride...) throws -> OverriddenForecast {
        try OverriddenForecast(hierarchy, statistical: statistical, overrides)
    }

    @Test func `of a family goes to its leaves in proportion, and into every sum they belong to`() throws {
        let forecast = try forecast(override(1, .units(60)))
        #expect(forecast.final.map { $0[0] } == [130, 60, 70, 50, 80, 20, 40, 30, 40])
        #expect(forecast.final.map { $0[1] } == forecast.statistical.map { $0[1] })
        #expect(forecast.statistical.map { $0[0] } == [100, 30, 70, 40, 60, 10, 20, 30, 40], "kept apart")
        #expect(forecast.applied.map(\.asked) == [60] && forecast.applied[0].statistical == 30)
        #expect(forecast.applied[0].override.madeBy == "ana")
    }

    @Test func `adds and multiplies what was forecast, in each of its periods`() throws {
        #expect(try forecast(override(0, .more(50), 0...1)).final[0] == [150, 150])
        #expect(try forecast(override(0, .times(0.5))).final[8] == [20, 40])
        #expect(try forecast(override(0, .more(-500))).final.allSatisfy { $0[0] == 0 })
    }

    @Test func `meets others that overlap, and holds within the sum above it`() throws {
        let forecast = try forecast(override(1, .units(60)), override(3, .units(90)), override(0, .units(150)))
        #expect(isClose(forecast.final[1][0], 60, within: 1e-6))
        #expect(isClose(forecast.final[3][0], 90, within: 1e-6))
        #expect(isClose(forecast.final[0][0], 150, within: 1e-6))
        let nested = try self.forecast(override(5, .units(29)), override(1, .units(30)))
        #expect(isClose(nested.final[5][0], 29, within: 1e-6) && isClose(nested.final[6][0], 1, within: 1e-6))
    }

    @Test func `is replaced by a later one for the same, whatever their order`() throws {
        let (early, late) = (override(1, .units(60), at: 1), override(1, .units(90), at: 2))
        #expect(try forecast(early, late).final[1][0] == 90)
        #expect(try forecast(late, early).final[1][0] == 90)
    }

    @Test func `where nothing was forecast is shared alike`() throws {
        let forecast = try OverriddenForecast(hierarchy, statistical: [[0], [0], [5], [5]], [override(1, .units(8))])
        #expect(forecast.final.map { $0[0] }[5...] == [4, 4, 5, 5])
        #expect(forecast.adjustment(ofLeaf: 0).additions == [4] && forecast.adjustment(ofLeaf: 2).isNone)
    }

    @Test func `that cannot be is refused with what was expected`() throws {
        #expect(throws: OverrideRefusal.impossible(override: 0)) { try forecast(override(9, .units(1))) }
        #expect(throws: OverrideRefusal.impossible(override: 0)) { try forecast(override(0, .units(-1))) }
        #expect(throws: OverrideRefusal.impossible(override: 0)) { try forecast(override(0, .units(.nan))) }
        #expect(throws: OverrideRefusal.impossible(override: 1)) {
            try forecast(override(0, .units(1)), override(0, .units(1), 1...2))
        }
        #expect(throws: OverrideRefusal.self) { try forecast(override(1, .units(60)), override(0, .units(50))) }
        #expect(throws: OverrideRefusal.self) {
            try forecast(override(5, .units(0)), override(6, .units(0)), override(1, .units(9)))
        }
    }

    @Test func `is worth what it added`() throws {
        let added = try forecast(override(1, .units(60))).valueAdded(node: 1, actual: [50], naive: [10])
        #expect(added.steps.map(\.name) == ["naive", "statistical", "override"])
        #expect(isClose(added.steps[2].added ?? 0, 0.2, within: 1e-12), "20 units off of 50, then 10")
    }

    @Test func `moves quantiles with the mean`() throws {
        let plain = try HistoricalMean().forecast(DemandSeries([8, 12, 10, 9, 11]), ForecastRequest(horizon: 2))
        let moved = try forecast(override(5, .units(20))).adjustment(ofLeaf: 0).applied(to: plain)
        #expect(isClose(moved.mean, [20, 10]))
        #expect(isClose(moved.quantiles[3][0], 2 * plain.quantiles[3][0], within: 1e-9))
    }
}
