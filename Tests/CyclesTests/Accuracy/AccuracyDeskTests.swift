import CanonicalModel
import CanonicalStore
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Cycles

@Suite struct `What was believed when a cycle closed` {
    /// Two cycles of an outside source a week apart, and the demand of three weeks, so that every figure follows by hand.
    struct Weeks {
        let world: EngineWorld
        let plan = CyclePlan(name: "north", locations: ["north"], source: "cloud", horizon: 2)

        init(_ database: any Database) async throws {
            world = try EngineWorld(database)
            try await world.stock()
            try await close([("item-00", [10, 20], [15, 25]), ("item-01", [5, 5], nil)])
            world.clock.advance(by: .hours(7 * 24))
            try await close([("item-00", [12, 30], [16, 40])])
            world.clock.advance(by: .hours(14 * 24))
        }

        func close(_ rows: [(item: ID<Item>, mean: [Double], upper: [Double]?)]) async throws {
            let desk = CycleDesk(world.services)
            let cycle = try await desk.open(plan)
            let now = world.clock.now
            let forecasts = rows.map { row in
                Forecast(
                    item: row.item, location: "north", source: "cloud", cycle: cycle.id, version: now.microseconds,
                    method: "theirs", start: TimeZoneName.utc.date(at: now), periodDays: 7, mean: row.mean,
                    levels: row.upper == nil ? [] : [0.5, 0.95], quantiles: row.upper.map { [row.mean, $0] } ?? [])
            }
            _ = try await desk.takeIn(forecasts, for: cycle.id, observedAt: now)
            _ = try await desk.close(cycle.id, force: true)
        }

        func sell(_ rows: [(item: ID<Item>, day: String, quantity: Int)], censored: Bool = false) async throws {
            var demand = DemandRows()
            for row in rows {
                demand.append(
                    Demand(
                        item: row.item, location: "north", date: try #require(BusinessDate(text: row.day)),
                        quantity: Quantity(row.quantity), isCensored: censored),
                    observedAt: world.clock.now)
            }
            let rows = demand
            _ = try await world.services.database.write { connection in
                try DemandLoader(system: "erp").store(rows, on: connection).counts
            }
        }

        /// Three weeks from 2026-03-02, on which tests begin; what is told of the last Sunday says that they are complete.
        func sellAll() async throws {
            try await sell([
                ("item-00", "2026-03-04", 11), ("item-00", "2026-03-10", 18), ("item-00", "2026-03-17", 33),
                ("item-01", "2026-03-04", 4), ("item-01", "2026-03-12", 9), ("item-02", "2026-03-22", 1),
            ])
        }

        func report(_ question: AccuracyQuestion = .init(), within members: SQL? = nil) async throws -> AccuracyReport {
            try await AccuracyDesk(world.services).report(question, within: members)
        }
    }

    @Test(arguments: Backend.available)
    func `is judged by what it said at each lag, whatever was forecast later`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let weeks = try await Weeks(database)
            try await weeks.sellAll()
            let report = try await weeks.report(.init(group: .item))
            #expect(report.from.description == "2025-12-22" && report.until.description == "2026-03-23")
            #expect(report.total.series == 2 && report.total.periods == 5 && report.total.actual == 75)
            // 10, 12 and 30 against 11, 18 and 33; 5 and 5 against 4 and 9.
            #expect(report.total.wape == 15.0 / 75 && report.total.bias == -13.0 / 75)
            let signal = try #require(report.total.trackingSignal)
            #expect(abs(signal + 13.0 / 3) < 1e-12)
            #expect(report.total.coverage95 == 2.0 / 3, "18 is above 16, and of the other item no quantile is known")
            // Before, the first changed by 37 in 25 weeks, the second by 192 in 24; nothing was known of them half a year ago.
            let mase = try #require(report.total.mase)
            #expect(abs(mase - (10.0 / 3 / (37.0 / 25) + 2.5 / 8) / 2) < 1e-9)
            #expect(report.groups.map(\.name) == ["item-00", "item-01"])
            let byItem: [Double?] = [10.0 / 62, 5.0 / 13]
            #expect(report.groups.map(\.figures.wape) == byItem)
            // The last demands before the two forecasts were 6 and 11, and 7.
            #expect(report.steps.map(\.name) == ["naive", "forecast"] && report.steps[0].wape == 39.0 / 75)
            let added = try #require(report.steps[1].added)
            #expect(abs(added - 24.0 / 75) < 1e-12)
            // Two periods ahead: 20 against 18, 30 against 33, 5 against 9.
            #expect(report.lags.map(\.lag) == [1, 2] && report.lags[1].figures.wape == 9.0 / 60)
            let later = try await weeks.report(.init(lag: 2, group: .region))
            #expect(later.total.wape == 9.0 / 60 && later.groups.map(\.name) == ["us"])
        }
    }

    @Test(arguments: Backend.available)
    func `leaves out what is not known yet, was not in stock, or is not for the asker`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let weeks = try await Weeks(database)
            try await weeks.sell([("item-00", "2026-03-04", 11), ("item-01", "2026-03-08", 4)])
            #expect(try await weeks.report().total.periods == 2, "of the second week nothing is known")
            try await weeks.sellAll()
            try await weeks.sell([("item-00", "2026-03-11", 1)], censored: true)
            let report = try await weeks.report(.init(item: "item-00"))
            #expect(report.total.periods == 2 && report.unknownPeriods == 1 && report.total.actual == 44)
            #expect(try await weeks.report(.init(source: "plimsoll")).total.periods == 0)
            #expect(try await weeks.report(.init(until: BusinessDate(text: "2026-03-16"))).total.periods == 3)
            let south: SQL = "SELECT id FROM location WHERE id = \("south")"
            #expect(try await weeks.report(within: south).total.periods == 0)
            await #expect(throws: Fault.self) { try await weeks.report(.init(lag: 0)) }
        }
    }

    @Test(arguments: Backend.available)
    func `is kept for every position that the built-in engine forecast, and not for ever`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            func cycles() async throws -> [String] {
                try await database.read { connection in
                    try connection.values("SELECT cycle FROM kept_forecast ORDER BY cycle")
                }
            }
            let (first, _) = try await world.begin()
            #expect(try await world.worker.run())
            #expect(try await cycles() == Array(repeating: first.id.rawValue, count: EngineWorld.positions))
            world.clock.advance(by: KeptForecasts.span + .hours(1))
            let second = try await CycleDesk(world.services).open(CyclePlan(name: "network", horizon: 8, history: 26))
            _ = try await CycleDesk(world.services).close(second.id, force: true)
            #expect(try await cycles().isEmpty)
        }
    }
}
