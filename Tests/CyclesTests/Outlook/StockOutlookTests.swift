import CanonicalModel
import CanonicalStore
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Cycles

@Suite struct `The outlook of a stock` {
    private let today = TimeZoneName.utc.date(at: TestClock.start)
    private let item: ID<Item> = "item-00"

    /// Ten a week for four weeks, of which the first is half over; certain unless a deviation is given.
    private func forecast(at location: ID<Location> = "north", deviation: Double? = nil) -> Forecast {
        Forecast(
            item: item, location: location, source: "cloud", version: 3, method: "theirs", start: today.adding(days: -3),
            periodDays: 7, mean: [14, 10, 10, 10], deviation: deviation)
    }

    private func outlook(
        _ backend: Backend, onHand: Int?, supply: [SupplyLine] = [], _ forecasts: [Forecast],
        policy: InventoryPolicy? = nil
    ) async throws -> PositionOutlook {
        try await backend.withDatabase(migrations: EngineWorld.migrations) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            if let onHand {
                try await world.put([Balance(item: item, location: "north", onHand: Quantity(onHand), allocated: Quantity(1))])
            }
            try await world.put(supply)
            try await world.put(forecasts)
            if let policy { try await world.put([policy]) }
            return try #require(try await page(world).outlooks.first)
        }
    }

    private func page(
        _ world: EngineWorld, after: PositionKey? = nil, limit: Int = 100, where condition: SQL = "1 = 1"
    ) async throws -> (outlooks: [PositionOutlook], next: PositionKey?) {
        try await world.services.database.read { connection in
            try FactsGatherer(connection: connection, now: TestClock.start, rates: CostRates())
                .outlooks(after: after, limit: limit, where: condition)
        }
    }

    private func line(_ id: ID<SupplyLine>, _ quantity: Int, dueIn days: Int?) -> SupplyLine {
        SupplyLine(
            id: id, order: id.rawValue, kind: .purchase, state: .confirmed, item: item, destination: "north", supplier: "acme",
            ordered: Quantity(quantity), dueOn: days.map { today.adding(days: $0) })
    }

    @Test(arguments: Backend.available)
    func `counts what is left of the running period, and goods on the day they come`(backend: Backend) async throws {
        let supply = [line("a", 4, dueIn: 12), line("b", 100, dueIn: -2), line("c", 7, dueIn: nil)]
        let found = try await outlook(backend, onHand: 20, supply: supply, [forecast()])
        #expect(found.available == 19 && found.coming == 111 && found.overdue == 107)
        let course = try #require(found.course)
        // Four of seven days of the first period are still to come: 8 of its 14.
        #expect(course.periods.map(\.expectedDemand) == [8, 10, 10, 10])
        #expect(course.periods.map(\.arriving) == [0, 0, 4, 0])
        #expect(course.periods.map(\.expectedStock) == [11, 1, -5, -15])
        #expect(course.periods.map(\.stockOutProbability) == [0, 0, 1, 1])
        #expect(course.stockOutOn == today.adding(days: 17) && course.nextReceiptOn == today.adding(days: 12))
        #expect(course.stockOutProbability == 0)
        // 8 in four days, then 11 at 10 a week.
        let days: Double = try #require(course.daysOfSupply)
        #expect(abs(days - 4 - 7.7) < 1e-9)
    }

    @Test(arguments: Backend.available)
    func `is as unsure as the forecast`(backend: Backend) async throws {
        let found = try await outlook(backend, onHand: 9, [forecast(deviation: 4)])
        let first = try #require(found.course?.periods.first)
        #expect(first.expectedStock == 0)
        #expect(first.stockOutProbability > 0.3 && first.stockOutProbability < 0.6)
        #expect(first.expectedShortage > 0.5)
    }

    @Test(arguments: Backend.available)
    func `tells of too much and what it is worth`(backend: Backend) async throws {
        let levels = PolicyLevels(reorderPoint: Quantity(20), safetyStock: Quantity(5), orderUpTo: Quantity(30))
        let policy = InventoryPolicy(item: item, location: "north", levels: levels)
        let found = try await outlook(backend, onHand: 101, supply: [line("a", 10, dueIn: 1)], [forecast()], policy: policy)
        let course = try #require(found.course)
        #expect(found.safetyStock == 5 && course.excess == 80)
        // 110 are there or coming, 38 are asked for.
        #expect(course.expectedLeftover == 72 && course.daysOfSupply == nil && course.stockOutOn == nil)
        #expect(course.excessValue == nil)
    }

    @Test(arguments: Backend.available)
    func `says why it knows nothing`(backend: Backend) async throws {
        let unseen = try await outlook(backend, onHand: nil, [forecast()])
        #expect(unseen.course == nil && unseen.available == nil && unseen.unknown == "No system tells of any stock here.")
        var old = forecast()
        old.start = today.adding(days: -28)
        #expect(try await outlook(backend, onHand: 5, [old]).unknown == "The forecast ends before today.")
        let levels = PolicyLevels(reorderPoint: Quantity(20), safetyStock: Quantity(5), orderUpTo: Quantity(30))
        let policy = InventoryPolicy(item: item, location: "north", levels: levels)
        #expect(try await outlook(backend, onHand: 5, [], policy: policy).unknown == "There is no forecast.")
    }

    @Test(arguments: Backend.available)
    func `comes page by page, each position once`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            try await world.put([forecast(), forecast(at: "south")])
            let levels = PolicyLevels(reorderPoint: Quantity(20), safetyStock: Quantity(5), orderUpTo: Quantity(30))
            try await world.put(
                ["item-00", "item-01"].map { InventoryPolicy(item: $0, location: "north", levels: levels) })
            var (seen, after): ([String], PositionKey?) = ([], nil)
            repeat {
                let page = try await page(world, after: after, limit: 2)
                seen += page.outlooks.map { "\($0.item) \($0.location)" }
                after = page.next
            } while after != nil
            #expect(seen == ["item-00 north", "item-00 south", "item-01 north"])
            let south = try await page(world, where: "t.location = \("south")")
            #expect(south.outlooks.map(\.location) == ["south"])
        }
    }
}
