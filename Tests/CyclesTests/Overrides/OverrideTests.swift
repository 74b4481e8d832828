import CanonicalModel
import CanonicalStore
import EventLog
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Cycles

@Suite struct `Planners' overrides` {
    private let today = TimeZoneName.utc.date(at: TestClock.start)

    private func cycle(_ world: EngineWorld) async throws {
        _ = try await world.begin()
        try await world.worker.run()
    }

    /// Next week's figures of two items of a family, which sells nothing but them.
    private func wish(_ change: (inout OverrideWish) -> Void) -> OverrideWish {
        var wish = OverrideWish(from: today, until: today.adding(days: 7), reason: "A fair.")
        change(&wish)
        return wish
    }

    private func family(_ world: EngineWorld) async throws {
        try await world.put(
            ["item-00", "item-01"].map { (id: ID<Item>) in
                Item(id: id, name: id.rawValue, stockingUnit: .piece, family: "bolts")
            })
    }

    private func sums(_ world: EngineWorld, by group: AccuracyQuestion.Group = .family) async throws -> ForecastSums {
        try await world.services.database.read { connection in
            try ForecastSums(
                ForecastSumsQuestion(by: group, from: today, periods: 2, where: "1 = 1", limit: 100), on: connection)
        }
    }

    private func isClose(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-4 * max(1, abs(right)) }

    @Test(arguments: Backend.available)
    func `of a family are shared by proportion, kept apart, and used by the next run`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await family(world)
            try await cycle(world)
            let before = try #require(try await sums(world).nodes.first)
            #expect(before.name == "bolts" && before.positions == 4 && before.held == before.statistical)
            let desk = OverrideDesk(world.services)
            let made = try await desk.add(
                wish { ($0.family, $0.units) = ("bolts", 500) }, by: "nora", within: nil)
            #expect(made.positions == 4 && isClose(made.statistical, before.statistical[0]) && made.units == 500)
            world.clock.advance(by: .hours(1))
            let levels = try await reorderPoint(world)
            try await cycle(world)
            let after = try #require(try await sums(world).nodes.first)
            #expect(isClose(after.held[0], 500) && isClose(after.statistical[0], before.statistical[0]))
            #expect(isClose(after.held[1], before.held[1]), "only the week that it is for")
            // In proportion to what was forecast of each.
            let items = try await sums(world, by: .item).nodes
            for item in ["item-00", "item-01"] {
                let node = try #require(items.first { $0.name == item })
                #expect(isClose(node.held[0] / 500, node.statistical[0] / after.statistical[0]))
            }
            #expect(try await reorderPoint(world) > levels, "the policy goes by what holds")
            let reason = try #require(try await world.made("item-00", at: "north").last?.reason)
            #expect(reason.contains("A planner made"))
            let audited = try await database.read { connection in
                try world.services.audit.records(about: made.id.rawValue, on: connection)
            }
            #expect(audited.map(\.kind) == ["override.made"] && audited.map(\.actor) == ["nora"])
        }
    }

    private func reorderPoint(_ world: EngineWorld) async throws -> Double {
        try await world.made("item-00", at: "north").compactMap { made -> Double? in
            if case .policy(let levels) = made.proposal { levels.reorderPoint.double } else { nil }
        }.last ?? 0
    }

    @Test(arguments: Backend.available)
    func `once withdrawn are gone from the next run, and what they were is still told`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await cycle(world)
            let desk = OverrideDesk(world.services)
            let made = try await desk.add(
                wish { ($0.item, $0.location, $0.times) = ("item-00", "north", 3) }, by: "nora", within: nil)
            #expect(made.positions == 1)
            world.clock.advance(by: .hours(1))
            try await cycle(world)
            var item = try #require(try await sums(world, by: .item).nodes.first { $0.name == "item-00" })
            #expect(item.held[0] > item.statistical[0])
            _ = try await desk.withdraw(made.id, by: "omar", within: nil)
            await #expect(throws: Fault.self) { try await desk.withdraw(made.id, by: "omar", within: nil) }
            world.clock.advance(by: .hours(1))
            try await cycle(world)
            item = try #require(try await sums(world, by: .item).nodes.first { $0.name == "item-00" })
            #expect(item.held == item.statistical)
            #expect(try await desk.list(all: false, within: nil, limit: 10).isEmpty)
            #expect(try await desk.list(all: true, within: nil, limit: 10).map(\.withdrawnBy) == ["omar"])
        }
    }

    @Test(arguments: Backend.available)
    func `that cannot be are refused by field, and so are positions beyond the key`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            let desk = OverrideDesk(world.services)
            let early = wish { ($0.item, $0.units) = ("item-00", 5) }
            await #expect(throws: Fault.self, "there is no forecast yet") {
                try await desk.add(early, by: "nora", within: nil)
            }
            try await cycle(world)
            let wrong: [(String, (inout OverrideWish) -> Void)] = [
                ("item", { $0.units = 5 }), ("units", { $0.item = "item-00" }),
                ("units", { ($0.item, $0.units) = ("item-00", -1) }),
                ("until", { ($0.item, $0.units, $0.until) = ("item-00", 1, $0.from) }),
                ("family", { ($0.item, $0.family, $0.units) = ("item-00", "bolts", 1) }),
                ("reason", { ($0.item, $0.units, $0.reason) = ("item-00", 1, "") }),
            ]
            for (field, change) in wrong {
                let fault = await #expect(throws: Fault.self) { try await desk.add(wish(change), by: "nora", within: nil) }
                #expect(fault?.violations.map(\.field) == [field])
            }
            let north: SQL = "SELECT id FROM location WHERE id = 'north'"
            await #expect(throws: Fault.self) { try await desk.add(early, by: "nora", within: north) }
            let own = try await desk.add(
                wish { ($0.item, $0.location, $0.units) = ("item-00", "north", 5) }, by: "nora", within: north)
            let south: SQL = "SELECT id FROM location WHERE id = 'south'"
            #expect(try await desk.list(all: true, within: south, limit: 10).isEmpty)
            await #expect(throws: Fault.self) { try await desk.withdraw(own.id, by: "omar", within: south) }
        }
    }

    @Test(arguments: Backend.available)
    func `are worth what accuracy says: naive, statistical, override`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await cycle(world)
            world.clock.advance(by: .hours(1))
            _ = try await OverrideDesk(world.services).add(
                wish { ($0.item, $0.location, $0.units) = ("item-00", "north", 40) }, by: "nora", within: nil)
            try await cycle(world)
            var rows = DemandRows()
            rows.append(
                Demand(item: "item-00", location: "north", date: today.adding(days: 6), quantity: Quantity(40)),
                observedAt: TestClock.start)
            let loaded = rows
            _ = try await database.write { connection in try DemandLoader(system: "erp").store(loaded, on: connection).counts }
            world.clock.advance(by: .hours(8 * 24))
            let question = AccuracyQuestion(item: "item-00", location: "north")
            let report = try await AccuracyDesk(world.services).report(question, within: nil)
            #expect(report.steps.map(\.name) == ["naive", "statistical", "override"])
            #expect(report.total.periods == 1 && report.steps[2].wape.map { $0 < 1e-4 } == true)
            #expect(report.steps[1].wape.map { $0 > 0.5 } == true && report.steps[2].added.map { $0 > 0.5 } == true)
        }
    }
}
