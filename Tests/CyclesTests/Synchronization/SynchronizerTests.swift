import CanonicalModel
import CanonicalStore
import ConnectorKit
import Cycles
import EventLog
import Storage
import TestBackends
import Testing
import Vocabulary

private let t0 = TestClock.start

private func item(_ number: Int, _ name: String = "Item") -> CanonicalRecord {
    .item(Item(id: ID("item-\(number)"), name: name, stockingUnit: .piece))
}

private func balance(_ number: Int, _ onHand: Int) -> CanonicalRecord {
    .balance(Balance(item: ID("item-\(number)"), location: "dc", onHand: Quantity(onHand)))
}

private func demand(_ day: Int) -> CanonicalRecord {
    let date = BusinessDate(dayNumber: 20_000 + Int32(day))
    return .demand(Demand(item: "item-1", location: "dc", date: date, quantity: Quantity(day)))
}

private func line(_ number: Int, received: Int = 0) -> SupplyLine {
    SupplyLine(
        id: ID("erp|\(number)"), order: "PO-\(number)", kind: .purchase, state: .confirmed, item: "item-1", destination: "dc",
        ordered: Quantity(10), received: Quantity(received))
}

private struct Setup {
    let database: any Database
    let ledger = Ledger()
    let clock = TestClock()
    let randomness = Randomness.seeded(1)

    func synchronizer(lease: Duration = .seconds(300)) -> Synchronizer {
        Synchronizer(
            system: "erp", connector: LedgerConnector(ledger), database: database, log: EventLog(randomness: randomness),
            clock: clock.wallClock, randomness: randomness, lease: lease)
    }

    func run(_ feeds: Set<Feed> = Set(Feed.allCases)) async throws -> [Feed: FeedSummary] {
        clock.advance(by: .seconds(60))
        let summary = try await synchronizer().run(feeds)
        return Dictionary(summary.feeds.map { ($0.feed, $0) }) { first, _ in first }
    }

    func events(_ type: String) async throws -> [String] {
        try await database.read { connection in
            try connection.values("SELECT subject FROM event WHERE type = \(type) ORDER BY position", as: String.self)
        }
    }

    func line(_ number: Int) async throws -> SupplyLine? {
        try await database.read { try Records<SupplyLine>.get(ID("erp|\(number)"), on: $0)?.entity }
    }
}

private func withSetup(_ backend: Backend, _ body: (Setup) async throws -> Void) async throws {
    let migrations = canonicalMigrations + eventLogMigrations + synchronizationMigrations
    try await backend.withDatabase(migrations: migrations, inMemory: true) { try await body(Setup(database: $0)) }
}

@Suite struct `A synchronisation` {
    @Test(arguments: Backend.available)
    func `reads every page once and then only what changed`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            for number in 0..<10 { setup.ledger.put(item(number), in: .items, id: "X\(number)", at: t0 + .seconds(number / 4)) }
            let first = try await setup.run()[.items]
            #expect(first?.created == 10)
            #expect(first?.pages == 4)
            #expect(try await setup.events("plimsoll.item.changed").count == 10)
            setup.ledger.put(item(3, "Renamed"), in: .items, id: "X3", at: t0 + .seconds(50))
            let second = try await setup.run()[.items]
            #expect(second?.rows == 1)
            #expect(second?.updated == 1)
            #expect(try await setup.events("plimsoll.item.changed").last == "item/item-3")
            #expect(try await setup.events("plimsoll.sync.completed").count == 2)
            let names = try await setup.database.read { try CrosswalkStore.load("erp", on: $0) }
            #expect(names.item("X7") == "item-7")
        }
    }

    @Test(arguments: Backend.available)
    func `goes on where it broke off, and reads the other feeds meanwhile`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            for number in 0..<8 { setup.ledger.put(item(number), in: .items, id: "X\(number)", at: t0) }
            setup.ledger.put(.location(Location(id: "dc", name: "DC")), in: .locations, id: "L1", at: t0)
            setup.ledger.fail(.items, after: 2, Fault(.unreachable, .retry(), "The ledger is shut."))
            let first = try await setup.run()
            #expect(first[.items]?.fault?.code == "test.unreachable")
            #expect(first[.items]?.created == 6)
            #expect(first[.locations]?.created == 1)
            setup.ledger.fail(.items, after: 0, nil)
            let second = try await setup.run()
            #expect(second[.items]?.rows == 2)
            #expect(second[.items]?.created == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `keeps what was refused until it is read again and good`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            setup.ledger.put(item(1), in: .items, id: "X1", at: t0)
            setup.ledger.put(item(2, ""), in: .items, id: "X2", at: t0)
            let violation = Violation("unit", found: "furlong", expected: "a unit")
            setup.ledger.put(
                Ledger.Record(id: "X3", changedAt: t0, content: .unreadable([violation])), in: .items)
            let first = try await setup.run()[.items]
            #expect(first?.refused == 2)
            #expect(first?.created == 1)
            let open = try await setup.database.read { try RefusedRows.open(on: $0) }
            #expect(open.map(\.row) == ["X2", "X3"])
            #expect(open.map { $0.violations.map(\.field) } == [["name"], ["unit"]])
            setup.ledger.put(item(3), in: .items, id: "X3", at: t0 + .seconds(5))
            _ = try await setup.run()
            #expect(try await setup.database.read { try RefusedRows.open(of: "erp", on: $0) }.map(\.row) == ["X2"])
        }
    }

    @Test(arguments: Backend.available)
    func `refuses a record under the name of another and takes the rest`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            setup.ledger.put(item(1), in: .items, id: "X1", at: t0)
            _ = try await setup.run()
            setup.ledger.put(item(1, "Impostor"), in: .items, id: "X9", at: t0 + .seconds(1))
            setup.ledger.put(item(2), in: .items, id: "X2", at: t0 + .seconds(1))
            let second = try await setup.run()[.items]
            #expect(second?.created == 1)
            #expect(second?.refused == 1)
            let stored = try await setup.database.read { try Records<Item>.get("item-1", on: $0) }
            #expect(stored?.entity.name == "Item")
        }
    }

    @Test(arguments: Backend.available)
    func `tells of demand once a page`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            for day in 0..<5 { setup.ledger.put(demand(day), in: .demand, id: "D\(day)", at: t0 + .seconds(day)) }
            let summary = try await setup.run()[.demand]
            #expect(summary?.created == 5)
            let told = try await setup.events("plimsoll.demand.received")
            #expect(told == ["system/erp", "system/erp"])
        }
    }

    @Test(arguments: Backend.available)
    func `lets one reader at a time have a feed`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            setup.ledger.put(item(1), in: .items, id: "X1", at: t0)
            let intruder = setup.synchronizer()
            setup.clock.advance(by: .seconds(1))
            let codes = try await withBlockedRead(setup) { try await intruder.run([.items]).feeds.map { $0.fault?.code } }
            #expect(codes == ["sync.feedBusy"])
            #expect(try await setup.run([.items])[.items]?.fault == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `that was taken over stores nothing more`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            setup.ledger.put(item(1), in: .items, id: "X1", at: t0)
            // The first reader's lease is over as soon as it has it.
            let slow = setup.synchronizer(lease: .seconds(-1))
            setup.clock.advance(by: .seconds(1))
            let taken = Taken()
            setup.ledger.beforeEachRead { _ in
                guard taken.first() else { return }
                _ = try? await setup.synchronizer().run([.items])
            }
            let summary = try await slow.run([.items])
            #expect(summary.feeds.map { $0.fault?.code } == ["sync.leaseLost"])
            #expect(try await setup.events("plimsoll.item.changed").count == 1)
        }
    }

    /// Runs `body` while a reader of the items waits for its page.
    private func withBlockedRead<Value: Sendable>(
        _ setup: Setup, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (values, continuation) = AsyncThrowingStream.makeStream(of: Value.self)
        let taken = Taken()
        setup.ledger.beforeEachRead { _ in
            guard taken.first() else { return }
            do {
                continuation.yield(try await body())
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        _ = try await setup.synchronizer().run([.items])
        return try #require(try await values.first { _ in true })
    }
}

@Suite struct `A snapshot feed` {
    @Test(arguments: Backend.available)
    func `closes what its next round no longer has`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            for number in 0..<4 { setup.ledger.put(.supply(line(number)), in: .supply, id: "\(number)", at: t0) }
            for number in 0..<5 { setup.ledger.put(balance(number, 7), in: .balances, id: "b\(number)", at: t0) }
            #expect(try await setup.run()[.supply]?.closed == 0)
            setup.ledger.put(.supply(line(1, received: 10)), in: .supply, id: "1", at: t0 + .seconds(5))
            _ = try await setup.run()
            for id in ["1", "2"] { setup.ledger.remove(id, from: .supply) }
            setup.ledger.remove("b3", from: .balances)
            let third = try await setup.run()
            #expect(third[.supply]?.closed == 2)
            #expect(third[.balances]?.closed == 1)
            #expect(try await setup.line(0)?.state == .confirmed)
            #expect(try await setup.line(1)?.state == .received)
            #expect(try await setup.line(2)?.state == .cancelled)
            #expect(try await setup.events("plimsoll.supplyLine.changed").suffix(2) == ["supplyLine/erp|1", "supplyLine/erp|2"])
            #expect(try await setup.run()[.supply]?.closed == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `goes on with its round after it broke off`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            for number in 0..<7 { setup.ledger.put(.supply(line(number)), in: .supply, id: "\(number)", at: t0) }
            _ = try await setup.run()
            setup.ledger.remove("0", from: .supply)
            setup.ledger.fail(.supply, after: 1, Fault(.unreachable, .retry(), "The ledger is shut."))
            #expect(try await setup.run()[.supply]?.fault != nil)
            #expect(try await setup.line(0)?.state == .confirmed)
            setup.ledger.fail(.supply, after: 0, nil)
            let third = try await setup.run()[.supply]
            #expect(third?.rows == 3)
            #expect(third?.closed == 1)
            #expect(try await setup.line(0)?.state == .cancelled)
            #expect(try await setup.line(1)?.state == .confirmed)
        }
    }

    @Test(arguments: Backend.available)
    func `closes nothing that it could not read`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            for number in 0..<3 { setup.ledger.put(.supply(line(number)), in: .supply, id: "\(number)", at: t0) }
            _ = try await setup.run()
            let violation = Violation("unit", found: "furlong", expected: "a unit")
            setup.ledger.put(Ledger.Record(id: "1", changedAt: t0, content: .unreadable([violation])), in: .supply)
            setup.ledger.remove("2", from: .supply)
            #expect(try await setup.run()[.supply]?.closed == 1)
            #expect(try await setup.line(1)?.state == .confirmed)
            // A row without an id of its own may be any of those that are missing.
            setup.ledger.put(Ledger.Record(id: "row 1", changedAt: t0, content: .unreadable([violation])), in: .supply)
            setup.ledger.remove("0", from: .supply)
            setup.ledger.remove("1", from: .supply)
            let third = try await setup.run()[.supply]
            #expect(third?.closed == 0)
            #expect(third?.remark != nil)
            #expect(try await setup.line(0)?.state == .confirmed)
        }
    }

    @Test(arguments: Backend.available)
    func `closes nothing when it is empty`(backend: Backend) async throws {
        try await withSetup(backend) { setup in
            setup.ledger.put(.supply(line(1)), in: .supply, id: "1", at: t0)
            _ = try await setup.run()
            setup.ledger.remove("1", from: .supply)
            let second = try await setup.run()[.supply]
            #expect(second?.remark?.contains("empty") == true)
            #expect(try await setup.line(1)?.state == .confirmed)
        }
    }
}

extension Fault.Code {
    fileprivate static let unreachable = Self("test.unreachable")
}
