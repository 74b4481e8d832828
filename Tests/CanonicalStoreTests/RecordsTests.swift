import CanonicalModel
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import CanonicalStore

private let t0 = TestClock.start

private func seen(_ minutes: Int, by system: ID<ExternalSystem> = "erp") -> Provenance {
    Provenance(system: system, observedAt: t0 + .seconds(60 * minutes), record: "42")
}

private func store(
    _ item: Item, _ provenance: Provenance, on connection: any Connection, at now: Instant = t0
) throws -> UpsertResult {
    try #require(try Records.upsert([(item, provenance)], on: connection, at: now).first)
}

private func bolt(_ name: String = "Bolt") -> Item { Item(id: "bolt-m8", name: name, stockingUnit: .piece) }

@Suite struct `Stored records` {
    @Test func `of a table that has grown are the same rows while the new columns are empty`() throws {
        let line = SupplyLine(
            id: "a", order: "PO-1", kind: .purchase, state: .received, item: "bolt", destination: "dc", ordered: Quantity(1))
        let values = line.columnValues
        let before = Item.contentDigest(Array(values.dropLast(2)))
        #expect(SupplyLine.contentDigest(values) == before)
        var dated = line
        dated.orderedOn = BusinessDate(dayNumber: 7)
        #expect(SupplyLine.contentDigest(dated.columnValues) != before)
    }

    @Test(arguments: Backend.available)
    func `count their changes and know where they come from`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let results = try await database.write { connection in
                try [("Bolt", 0), ("Bolt M8", 1), ("Bolt M8", 2)].map { name, minute in
                    try store(bolt(name), seen(minute), on: connection, at: t0 + .seconds(60 * minute + 30))
                }
            }
            #expect(results == [.created(version: 1), .updated(version: 2), .unchanged(version: 2)])
            let stored = try #require(try await database.read { try Records<Item>.get("bolt-m8", on: $0) })
            #expect(stored.entity == bolt("Bolt M8"))
            #expect(stored.version == 2)
            #expect(stored.provenance == seen(2))
            #expect(stored.recordedAt == t0 + .seconds(90))
        }
    }

    @Test(arguments: Backend.available)
    func `are not overwritten by what was seen earlier`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let results = try await database.write { connection in
                try [
                    store(bolt(), seen(5), on: connection), store(bolt("Old"), seen(4), on: connection),
                    store(bolt("Corrected"), seen(5), on: connection), store(bolt("Other"), seen(5, by: "wms"), on: connection),
                    store(bolt("Other"), seen(6, by: "wms"), on: connection),
                ]
            }
            #expect(
                results == [
                    .created(version: 1), .stale(have: t0 + .seconds(300)), .updated(version: 2),
                    .stale(have: t0 + .seconds(300)),
                    .updated(version: 3),
                ])
        }
    }

    @Test(arguments: Backend.available)
    func `refuse a bad one by its fields and take the others`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let items = [
                bolt(), Item(id: "nut", name: "", stockingUnit: .piece), Item(id: "gear", name: "a\0b", stockingUnit: .piece),
                Item(id: "cog", name: "Cog", stockingUnit: .piece),
            ]
            let results = try await database.write { connection in
                try Records.upsert(items.map { ($0, seen(0)) }, on: connection, at: t0)
            }
            #expect(results.map(\.writtenVersion) == [1, nil, nil, 1])
            guard case .refused(let violations) = results[2] else { return #expect(Bool(false), "the NUL was taken") }
            #expect(violations.map(\.field) == ["name"])
            #expect(try await database.read { try Records<Item>.count(on: $0) } == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `apply a batch that names one row several times in its order`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let batch = [(bolt("A"), seen(0)), (bolt("B"), seen(2)), (bolt("C"), seen(1)), (bolt("B"), seen(3))]
            let results = try await database.write { try Records.upsert(batch, on: $0, at: t0) }
            #expect(
                results == [
                    .created(version: 1), .updated(version: 2), .stale(have: t0 + .seconds(120)), .unchanged(version: 2),
                ])
            let stored = try #require(try await database.read { try Records<Item>.get("bolt-m8", on: $0) })
            #expect(stored.entity.name == "B")
            #expect(stored.version == 2)
            #expect(stored.provenance.observedAt == t0 + .seconds(180))
        }
    }

    @Test(arguments: Backend.available)
    func `are edited only by whoever saw their last version`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let created = try await database.write { connection in
                try Records.save(bolt(), from: seen(0), expecting: 0, on: connection, at: t0)
            }
            #expect(created == .created(version: 1))
            let fault = await #expect(throws: Fault.self) {
                try await database.write { connection in
                    try Records.save(bolt("B"), from: seen(1), expecting: 0, on: connection, at: t0)
                }
            }
            #expect(fault?.code == .conflict)
            let edited = try await database.write { connection in
                try Records.save(bolt("B"), from: seen(1), expecting: 1, on: connection, at: t0)
            }
            #expect(edited == .updated(version: 2))
        }
    }

    @Test(arguments: Backend.available)
    func `come page by page in the order of their ids`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let items = (0..<25).map {
                Item(id: ID("item-\(100 + $0)"), name: "I", stockingUnit: .piece, family: $0 < 5 ? "few" : nil)
            }
            try await database.write { connection in
                _ = try Records.upsert(items.map { ($0, seen(0)) }, on: connection, at: t0)
            }
            try await database.read { connection in
                var read: [Item] = []
                while case let page = try Records<Item>.page(after: read.last?.id, limit: 10, on: connection), !page.isEmpty {
                    read += page.map(\.entity)
                }
                #expect(read == items)
                #expect(try Records<Item>.page(limit: 100, where: "family = \("few")", on: connection).count == 5)
                let some = try Records<Item>.get(["item-103", "item-999", "item-120"], on: connection)
                #expect(some.keys.sorted() == ["item-103", "item-120"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `created by several at once exist once`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations) { database in
            let written = try await withThrowingTaskGroup(of: [UpsertResult].self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        let items = (0..<50).map { index in
                            (Item(id: ID("item-\(index)"), name: "by \(writer)", stockingUnit: .piece), seen(writer))
                        }
                        return try await database.write { try Records.upsert(items, on: $0, at: t0) }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(written.filter { $0 == .created(version: 1) }.count == 50)
            let names = try await database.read { connection in
                try connection.values("SELECT DISTINCT name FROM item", as: String.self)
            }
            #expect(names == ["by 7"])
        }
    }
}
