import CanonicalModel
import CanonicalStore
import Storage
import TestBackends
import Testing
import Vocabulary

private let monday = BusinessDate(dayNumber: 20_513)  // 2026-03-02

private func row(_ item: ID<Item>, _ day: Int, _ quantity: Int, censored: Bool = false, seen: Int = 0) -> SeenDemand {
    SeenDemand(
        demand: Demand(
            item: item, location: "dc", date: monday.adding(days: day), quantity: Quantity(quantity), isCensored: censored),
        observedAt: TestClock.start + .seconds(seen))
}

/// One row as its system saw it at one instant.
private struct SeenDemand {
    let demand: Demand
    let observedAt: Instant
}

extension DemandLoader {
    fileprivate func store(
        _ rows: [SeenDemand], on connection: any Connection
    ) throws -> (counts: DemandCounts, refusals: [(index: Int, violations: [Violation])]) {
        var demand = DemandRows()
        for row in rows { demand.append(row.demand, observedAt: row.observedAt) }
        return try store(demand, on: connection)
    }
}

@Suite struct `Demand history` {
    let erp = DemandLoader(system: "erp")

    @Test(arguments: Backend.available)
    func `loaded again changes nothing, and earlier sightings are stale`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let rows = [row("nut", 1, 5), row("bolt", 0, 3), row("bolt", 2, 4)]
            let first = try await database.write { [erp] in try erp.store(rows, on: $0).counts }
            #expect(first.created == 3)
            let again = try await database.write { [erp] in try erp.store(rows, on: $0).counts }
            #expect(again.unchanged == 3)
            let corrected = [
                row("bolt", 0, 9, seen: 10), row("bolt", 2, 7, seen: -10), row("nut", 1, 5, seen: 10), row("new", 0, 1),
            ]
            let third = try await database.write { [erp] in try erp.store(corrected, on: $0).counts }
            #expect([third.created, third.updated, third.stale, third.unchanged] == [1, 1, 1, 1])
            // What was confirmed at 10 s cannot be changed by what was seen before.
            let late = try await database.write { [erp] in try erp.store([row("nut", 1, 8, seen: 5)], on: $0).counts }
            #expect(late.stale == 1)
            let other = DemandLoader(system: "wms")
            let equal = try await database.write { try other.store([row("nut", 1, 8, seen: 10)], on: $0).counts }
            #expect(equal.stale == 1)
            let quantities = try await database.read { connection in
                try DemandHistory.read("bolt", at: "dc", from: monday, until: monday.adding(days: 9), on: connection)
            }
            #expect(quantities.map(\.quantity) == [Quantity(9), Quantity(4)])
        }
    }

    @Test(arguments: Backend.available)
    func `rows that are wrong are named by their number and the rest goes on`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let rows = [row("bolt", 0, 1), row("bolt", 1, -1), row("", 2, 1), row("bolt", 3, 1), row("bolt", 4, -4)]
            let (counts, refusals) = try await database.write { [erp] connection in
                let stored = try erp.store(rows, on: connection)
                return (stored.counts, stored.refusals.map { ($0.index, $0.violations.map(\.field)) })
            }
            #expect(refusals.map(\.0) == [1, 2, 4])
            #expect(refusals.map(\.1) == [["quantity"], ["item"], ["quantity"]])
            #expect(counts.received == 5)
            #expect(counts.created == 2)
            #expect(counts.refused == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `of two rows for the same day the later one counts`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let rows = [row("bolt", 1, 5), row("bolt", 0, 3), row("bolt", 1, 6), row("bolt", 1, 7)]
            let counts = try await database.write { [erp] in try erp.store(rows, on: $0).counts }
            #expect(counts.created == 2)
            #expect(counts.repeated == 2)
            let read = try await database.read { connection in
                try DemandHistory.read("bolt", at: "dc", from: monday, until: monday.adding(days: 2), on: connection)
            }
            #expect(read.map(\.quantity) == [Quantity(3), Quantity(7)])
        }
    }

    @Test(arguments: Backend.available)
    func `loaded by several at once has every row once`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations) { database in
            let created = try await withThrowingTaskGroup(of: Int.self) { group in
                for loader in 0..<6 {
                    group.addTask {
                        // Every loader brings ten of thirty days for each item; each day comes from two of them.
                        let days = (0..<10).map { ($0 + loader * 5) % 30 }
                        let rows = days.flatMap { day in (0..<20).map { row(ID("item-\($0)"), day, day) } }
                        return try await database.write { try DemandLoader(system: "erp").store(rows, on: $0).counts.created }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(created == 600)
            let stored: Int? = try await database.read { try $0.value("SELECT COUNT(*) FROM demand") }
            #expect(stored == 600)
            let wrong: Int? = try await database.read { connection in
                try connection.value(
                    """
                    SELECT COUNT(*) FROM demand, demand_series WHERE series = id AND (day < first_day OR day > last_day)
                    """)
            }
            #expect(wrong == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `is read as series over equal periods with zeros where nothing was asked for`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let rows =
                [
                    row("bolt", -1, 100), row("bolt", 0, 1), row("bolt", 6, 2), row("bolt", 7, 4, censored: true),
                    row("bolt", 28, 50),
                ]
                + (0..<7).map { row(ID("item-\($0)"), 14, $0) }
            try await database.write { [erp] in _ = try erp.store(rows, on: $0) }
            let periods = try DemandPeriods(from: monday, days: 7, count: 4)
            let series = try await database.read { connection in
                var all: [DemandByPeriod] = []
                while true {
                    let some = try DemandHistory.series(at: "dc", over: periods, after: all.last?.item, limit: 3, on: connection)
                    all += some
                    if some.count < 3 { return all }
                }
            }
            #expect(series.map(\.item.rawValue) == ["bolt"] + (0..<7).map { "item-\($0)" })
            #expect(series[0].values == [3, 4, 0, 0])
            #expect(series[0].censored == [false, true, false, false])
            #expect(series[0].available == [1, 1 - 1.0 / 7, 1, 1], "recorded by the day: one of seven had no stock")
            #expect(series[4].values == [0, 0, 3, 0] && series[4].available.isEmpty)
            let chosen = try await database.read { connection in
                try DemandHistory.series(of: ["item-2", "bolt", "none"], at: "dc", over: periods, on: connection)
            }
            #expect(chosen.map(\.item.rawValue) == ["bolt", "item-2"])
            let extent = try await database.read { try DemandHistory.extent(of: "dc", on: $0) }
            #expect(extent == monday.adding(days: -1)...monday.adding(days: 28))
        }
    }
}
