import CanonicalModel
import CanonicalStore
import Governance
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@testable import Cycles

/// An item that north and south lack, that memphis has some of to spare, and that is dear to buy for the south.
@Suite struct `A plan over the network` {
    private static let item: ID<Item> = "item-00"

    private func stock(_ world: EngineWorld, spare: Int, prices: [(ID<Location>, Int)] = [("north", 3), ("south", 9)])
        async throws
    {
        try await world.stock()
        let locations: [ID<Location>] = ["memphis", "north", "south"]
        try await world.put(locations.map { Location(id: $0, name: $0.rawValue, region: "us", system: "erp") })
        try await world.services.database.write { connection in
            try connection.run("DELETE FROM sourcing WHERE item = \(Self.item)")
        }
        try await world.put(
            prices.map { location, price in
                Sourcing(
                    item: Self.item, supplier: "acme", location: location, leadTimeDays: 10, leadTimeDeviation: 2, unit: .piece,
                    price: Money(price), currency: "USD")
            })
        try await world.put([
            Lane(
                origin: "memphis", destination: "north", transitDays: 10, costPerUnit: Money(1), currency: "USD",
                minimumQuantity: Quantity(10)),
            Lane(
                origin: "memphis", destination: "south", transitDays: 10, costPerUnit: Money(2), currency: "USD",
                minimumQuantity: Quantity(10)),
        ])
        try await world.put(
            locations.map { InventoryPolicy(item: Self.item, location: $0, levels: levels($0 == "memphis" ? 5 : 20)) })
        try await world.put([
            Balance(item: Self.item, location: "memphis", onHand: Quantity(5 + spare)),
            Balance(item: Self.item, location: "north", onHand: Quantity(2)),
            Balance(item: Self.item, location: "south", onHand: Quantity(2)),
        ])
    }

    private func levels(_ reorderPoint: Int) -> PolicyLevels {
        PolicyLevels(reorderPoint: Quantity(reorderPoint), safetyStock: Quantity(1), orderUpTo: Quantity(reorderPoint + 10))
    }

    private func run(_ world: EngineWorld, _ rule: AllocationRule?) async throws {
        let plan = CyclePlan(name: "network", horizon: 8, history: 26, allocation: rule)
        let cycle = try await CycleDesk(world.services).open(plan)
        _ = try await EngineRuns(world.services, chunk: 4).begin(cycle.id)
        try await world.worker.run()
    }

    private func goods(_ world: EngineWorld, at location: ID<Location>) async throws -> Proposal.Replenishing? {
        try await world.made(Self.item, at: location).compactMap { made in
            if case .replenishment(let goods) = made.proposal { goods } else { nil }
        }.last
    }

    /// What was decided for each location, in a few words.
    private func decided(_ world: EngineWorld) async throws -> [String: String] {
        while try await DecisionStage(world.services).run() > 0 {}
        let bodies = try await world.services.database.read { connection in
            try connection.rows("SELECT body FROM decision") { row in
                try JSON.decode(Decision.self, from: try row[0] as String)
            }
        }
        var words: [String: String] = [:]
        for decision in bodies {
            switch decision.action {
            case .createTransfer(let transfer)?: words[transfer.destination.rawValue] = "from \(transfer.origin)"
            case .createPurchaseProposal(let purchase)?: words[purchase.location.rawValue] = "bought of \(purchase.supplier)"
            default: continue
            }
        }
        return words
    }

    @Test(arguments: Backend.available)
    func `sends what is scarce where it saves most, and the decision follows it on live figures`(backend: Backend) async throws {
        for rule in [AllocationRule.off, .cheapest] {
            try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
                let world = try EngineWorld(database)
                // Enough for either, not for both: what is left over for the other is less than the lane takes.
                try await stock(world, spare: 24)
                try await run(world, rule)
                let north = try #require(try await goods(world, at: "north"))
                let south = try #require(try await goods(world, at: "south"))
                try #require(south.quantity > Quantity(14) && south.quantity <= Quantity(24), "\(south.quantity)")
                let decided = try await decided(world)
                if rule == .off {
                    #expect(north.plan == nil && south.plan == nil)
                    // Each is cheapest served from memphis, and the second to be approved finds nothing there.
                    #expect(decided == ["north": "from memphis", "south": "from memphis"])
                } else {
                    #expect(south.plan?.kind == .transfer && south.plan?.from == "memphis" && south.plan?.isExact == true)
                    #expect(north.plan?.kind == .purchase && north.plan?.from == "acme")
                    let rejected = try #require(north.plan?.rejected.first { $0.name == "transfer from memphis" })
                    #expect(rejected.reason.contains("its goods save more elsewhere") && rejected.cost != nil)
                    #expect(decided == ["north": "bought of acme", "south": "from memphis"])
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `shares fairly what nobody sells`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await stock(world, spare: 24, prices: [])
            try await run(world, nil)
            let (north, south) = (try await goods(world, at: "north"), try await goods(world, at: "south"))
            let shares = [north, south].compactMap { $0?.quantity.double }
            #expect(shares.reduce(0, +) == 24 && shares.allSatisfy { $0 >= 11 }, "\(shares)")
            #expect(north?.plan?.from == "memphis" && south?.plan?.from == "memphis")
            #expect(try await decided(world) == ["north": "from memphis", "south": "from memphis"])
        }
    }

    @Test(arguments: Backend.available)
    func `asks for nothing twice, run after run`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await stock(world, spare: 30)
            try await run(world, .fair)
            _ = try await decided(world)
            world.clock.advance(by: .hours(1))
            try await run(world, .fair)
            _ = try await decided(world)
            let open = try await database.read { connection in
                try connection.values(
                    """
                    SELECT order_key FROM replenishment
                    WHERE state NOT IN ('superseded', 'rejected', 'expired') AND order_key LIKE 'supply%' ORDER BY order_key
                    """, as: String.self)
            }
            #expect(Set(open).count == open.count && open.count { $0.contains("item-00") } == 2)
            // What is on its way is no need any more.
            let today = TimeZoneName.utc.date(at: TestClock.start)
            try await world.put(
                ["north", "south"].map { (location: ID<Location>) in
                    SupplyLine(
                        id: ID("PO-\(location)"), order: "PO", kind: .purchase, state: .confirmed, item: Self.item,
                        destination: location, supplier: "acme", ordered: Quantity(60), dueOn: today.adding(days: 3))
                })
            world.clock.advance(by: .hours(1))
            let before = try await world.made(Self.item, at: "north").count
            try await run(world, .fair)
            let after = try await world.made(Self.item, at: "north")
            #expect(after.count - before <= 1, "a policy perhaps, no goods")
        }
    }

    @Test(arguments: Backend.available)
    func `goes on without the plan when an item cannot be computed whole`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await stock(world, spare: 30)
            let cycle = try await CycleDesk(world.services).open(CyclePlan(name: "network", horizon: 8, history: 26))
            let begun = try await EngineRuns(world.services, chunk: 1).begin(cycle.id)
            #expect(begun.chunks == EngineWorld.items.count && begun.positions == cycle.expected, "an item is never cut")
            // As after three replicas that ended with the first item.
            try await database.write { connection in
                try connection.run("UPDATE engine_chunk SET attempts = 3 WHERE number = 1")
            }
            try await world.worker.run()
            let ended = try await EngineRuns(world.services).finished(cycle.id)
            #expect(ended.chunks == begun.chunks + 2 && ended.troubled == 1 && ended.forecasts == cycle.expected)
        }
    }
}
