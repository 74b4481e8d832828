import CanonicalModel
import CanonicalStore
import Storage
import TestBackends
import Testing
import Vocabulary

private let t0 = TestClock.start
private let today = BusinessDate(dayNumber: 20_514)  // 2026-03-02
private let provenance = Provenance(system: "erp", observedAt: t0)

/// Two warehouses in the east and west and a store, with one item stocked everywhere.
private func stock(_ connection: any Connection) throws {
    func keep<Entity: StoredEntity>(_ entities: [Entity]) throws {
        for result in try Records.upsert(entities.map { ($0, provenance) }, on: connection, at: t0) {
            if case .refused(let violations) = result { throw Fault.invalid(violations) }
        }
    }
    try keep([
        Item(id: "bolt", name: "Bolt", stockingUnit: .piece, space: Quantity(scaled: 500_000)),
        Item(id: "nut", name: "Nut", stockingUnit: .piece, space: Quantity(2)),
        Item(id: "idea", name: "Takes no room", stockingUnit: .piece),
    ])
    try keep([
        Location(id: "east", name: "East", capacity: Quantity(1000)), Location(id: "west", name: "West"),
        Location(id: "shut", name: "Shut", isActive: false), Location(id: "shop", name: "Shop", kind: .store),
    ])
    try keep([Supplier(id: "acme", name: "Acme"), Supplier(id: "bad", name: "Bad", isBlocked: true)])
    func sourcing(_ supplier: ID<Supplier>, _ location: ID<Location>? = nil, rank: Int, until: BusinessDate? = nil) -> Sourcing {
        Sourcing(
            item: "bolt", supplier: supplier, location: location, rank: rank, leadTimeDays: 5, unit: .piece, price: Money(1),
            currency: "USD", validUntil: until)
    }
    try keep([
        sourcing("acme", rank: 2), sourcing("acme", "east", rank: 1), sourcing("acme", "west", rank: 1), sourcing("bad", rank: 0),
    ])
    try keep([
        Lane(origin: "west", destination: "east", transitDays: 2, currency: "USD"),
        Lane(origin: "shut", destination: "east", transitDays: 1, currency: "USD"),
        Lane(origin: "shop", destination: "east", transitDays: 1, currency: "USD", isActive: false),
    ])
    let levels = PolicyLevels(reorderPoint: Quantity(10), safetyStock: Quantity(3), orderUpTo: Quantity(30))
    try keep(["east", "west"].map { InventoryPolicy(item: "bolt", location: ID($0), levels: levels) })
    try keep([
        Balance(item: "bolt", location: "east", onHand: Quantity(100), inTransit: Quantity(20), onOrder: Quantity(30)),
        Balance(item: "bolt", location: "west", onHand: Quantity(40)),
        Balance(item: "bolt", location: "shut", onHand: Quantity(9)),
        Balance(item: "bolt", location: "shop", onHand: Quantity(9)),
        Balance(item: "nut", location: "east", onHand: Quantity(50)),
        Balance(item: "idea", location: "east", onHand: Quantity(1_000_000)),
    ])
    try supply(connection)
}

/// Open supply of every state, and a forecast of each of two sources.
private func supply(_ connection: any Connection) throws {
    func line(_ number: Int, due: Int?, state: SupplyState = .confirmed, to destination: ID<Location> = "east") -> SupplyLine {
        SupplyLine(
            id: ID("PO|\(number)"), order: "PO", kind: .purchase, state: state, item: "bolt", destination: destination,
            ordered: Quantity(number), dueOn: due.map { today.adding(days: $0) }, reference: "PLM-\(number)")
    }
    let lines = [
        line(1, due: nil), line(2, due: 9), line(3, due: 4), line(4, due: 1, state: .received),
        line(5, due: 1, state: .cancelled),
        line(6, due: 2, state: .draft), line(7, due: 3, to: "west"),
    ]
    _ = try Records.upsert(lines.map { ($0, provenance) }, on: connection, at: t0)
    func forecast(_ source: ID<ExternalSystem>) -> Forecast {
        Forecast(
            item: "bolt", location: "east", source: source, version: 1, method: "m", start: today, periodDays: 7, mean: [4])
    }
    let later = Provenance(system: "cloud", observedAt: t0 + .hours(1))
    _ = try Records.upsert([(forecast("plimsoll"), provenance), (forecast("cloud"), later)], on: connection, at: t0)
}

@Suite struct `The facts of a position` {
    @Test(arguments: Backend.available)
    func `hold everything that a decision looks at`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            try await database.write { try stock($0) }
            let facts = try await database.read { try PositionFacts.read(for: "bolt", at: "east", on: $0, at: t0) }
            #expect(facts.item.id == "bolt")
            #expect(facts.policy?.location == "east")
            #expect(facts.balance?.balance.onHand == Quantity(100))
            #expect(facts.balance?.observedAt == t0)
            #expect(facts.supply.map(\.order.count) == [2, 2, 2, 2])
            #expect(facts.supply.map(\.reference) == ["PLM-6", "PLM-3", "PLM-2", "PLM-1"])
            #expect(facts.sourcings.map(\.sourcing.id.rawValue) == ["bolt|acme|east", "bolt|acme|*"])
            #expect(facts.donors.map(\.location.id) == ["west"])
            #expect(facts.donors.first?.balance.balance.onHand == Quantity(40))
            #expect(facts.donors.first?.supply.map(\.reference) == ["PLM-7"])
            #expect(facts.donors.first?.policy?.location == "west")
            #expect(facts.forecast?.source == "cloud")
            // 1000 − (100 + 20 + 30) × ½ − 50 × 2
            #expect(facts.freeCapacity == Quantity(825))
            #expect(facts.asOf == t0)
            #expect(try JSON.decode(PositionFacts.self, from: JSON.text(of: facts)) == facts)
        }
    }

    @Test(arguments: Backend.available)
    func `of many are the facts of each`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            try await database.write { try stock($0) }
            let pairs: [(ID<Item>, ID<Location>)] = [
                ("bolt", "east"), ("bolt", "west"), ("ghost", "east"), ("bolt", "nowhere"), ("bolt", "east"), ("nut", "shop"),
            ]
            try await database.read { connection in
                let many = try PositionFacts.read(for: pairs, on: connection, at: t0)
                let single = try pairs.map { try PositionFacts.read(for: [$0], on: connection, at: t0)[0] }
                #expect(many == single)
                #expect(many[2] == .missing(.unknownItem("ghost")))
                #expect(many[3] == .missing(.unknownLocation("nowhere")))
                #expect(many[5].facts?.balance == nil)
                #expect(many[1].facts?.freeCapacity == nil)
            }
        }
    }
}

@Suite struct `A snapshot that is over` {
    private func line(_ id: String, received: Int = 0) -> SupplyLine {
        SupplyLine(
            id: ID(id), order: "PO", kind: .purchase, state: .confirmed, item: "bolt", destination: "east", ordered: Quantity(10),
            received: Quantity(received))
    }

    private func seen(_ record: String, at instant: Instant) -> Provenance {
        Provenance(system: "erp", observedAt: instant, record: record)
    }

    @Test(arguments: Backend.available)
    func `closes the lines that are no longer in it and no others`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let second = t0 + .hours(1)
            let closed = try await database.write { connection in
                let lines = [
                    line("kept"), line("gone"), line("arrived", received: 10), line("refused"), line("unchanged"), line("stale"),
                ]
                _ = try Records.upsert(lines.map { ($0, seen($0.id.rawValue, at: t0)) }, round: t0, on: connection, at: t0)
                _ = try Records.upsert(
                    [(line("other"), Provenance(system: "wms", observedAt: t0))], round: t0, on: connection, at: t0)
                // Written by ourselves while the snapshot was being read.
                let during = second + .seconds(1)
                _ = try Records.upsert([(line("mine"), seen("mine", at: during))], on: connection, at: during)
                var bad = line("invalid")
                _ = try Records.upsert([(bad, seen("invalid", at: t0))], round: t0, on: connection, at: t0)
                bad.order = ""
                let again = [
                    (line("kept", received: 4), seen("kept", at: second)), (line("unchanged"), seen("unchanged", at: t0)),
                    (line("stale", received: 1), seen("stale", at: t0 - .hours(1))), (bad, seen("invalid", at: second)),
                ]
                _ = try Records.upsert(again, round: second, on: connection, at: second)
                return try Records<SupplyLine>.closeMissing(
                    from: "erp", round: second, keeping: ["refused"], on: connection, at: second + .seconds(2))
            }
            #expect(closed.map(\.entity.id) == ["arrived", "gone"])
            #expect(closed.map(\.entity.state) == [.received, .cancelled])
            #expect(closed.map(\.version) == [2, 2])
            let more = try await database.write { connection in
                try Records<SupplyLine>.closeMissing(from: "erp", round: second, keeping: ["refused"], on: connection, at: second)
            }
            #expect(more.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `leaves no stock where it names none`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: canonicalMigrations, inMemory: true) { database in
            let second = t0 + .hours(1)
            let balances = ["east", "west"].map { Balance(item: "bolt", location: ID($0), onHand: Quantity(5)) }
            let closed = try await database.write { connection in
                _ = try Records.upsert(balances.map { ($0, seen("b", at: t0)) }, round: t0, on: connection, at: t0)
                _ = try Records.upsert([(balances[0], seen("b", at: second))], round: second, on: connection, at: second)
                return try Records<Balance>.closeMissing(from: "erp", round: second, on: connection, at: second)
            }
            #expect(closed.map(\.entity) == [Balance(item: "bolt", location: "west", onHand: .zero)])
        }
    }
}
