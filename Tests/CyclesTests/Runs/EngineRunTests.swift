import CanonicalModel
import Replenishment
import Storage
import StoragePostgres
import TestBackends
import Testing
import Threads
import Vocabulary

@testable import Cycles

@Suite struct `A run of the built-in engine` {
    @Test(arguments: Backend.available)
    func `covers the cycle, closes it, and says how far it is`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            let (cycle, begun) = try await world.begin()
            #expect(cycle.expected == EngineWorld.positions)
            #expect(begun.chunks == 6 && begun.positions == cycle.expected && begun.positionsDone == 0)
            #expect(try await EngineRuns(world.services).begin(cycle.id).id == begun.id, "to ask twice is to ask once")
            #expect(try await world.worker.run())
            let ended = try #require(try await EngineRuns(world.services).latest(of: cycle.id))
            #expect(ended.state == .done && ended.chunksDone == 6 && ended.forecasts == cycle.expected && ended.troubled == 0)
            #expect(try await CycleDesk(world.services).cycle(cycle.id).state == .closed)
            #expect(try await world.forecasts().count == cycle.expected)
            #expect(ended.recommendations == cycle.expected, "each position is told its first policy")
            #expect(try await !world.worker.run(), "nothing is left")
        }
    }

    @Test(arguments: Backend.available)
    func `forecasts each chunk as one pool, the same on one thread or many`(backend: Backend) async throws {
        var answers: [[String: [Double]]] = []
        for threads in [1, 2, 3] {
            let computing = ComputingThreads(count: threads)
            defer { computing.stop() }
            try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
                let world = try EngineWorld(database)
                try await world.stock()
                let cycle = try await CycleDesk(world.services).open(CyclePlan(name: "network", horizon: 8, history: 26))
                _ = try await EngineRuns(world.services, chunk: 4).begin(cycle.id)
                try await world.worker("replica", threads: computing).run()
                answers.append(try await world.forecasts())
                #expect(try await world.methods() == ["combined", "pooledLevel"])
            }
        }
        #expect(answers.allSatisfy { $0.count == EngineWorld.positions && $0 == answers[0] })
    }

    @Test(arguments: Backend.available)
    func `knows whose place an item has taken, and what was not there to be sold`(backend: Backend) async throws {
        var answers: [[String: [Double]]] = []
        for isKnown in [false, true] {
            try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
                let world = try EngineWorld(database)
                try await world.stock()
                try await world.runOut(of: "item-03", weeks: 6)
                if isKnown {
                    // In two steps, of which the middle one was never sold here.
                    try await world.supersede("item-00", by: "item-between")
                    try await world.supersede("item-between", by: "item-06")
                }
                _ = try await world.begin()
                try await world.worker.run()
                answers.append(try await world.forecasts())
                #expect(try await world.methods().contains("succeeded") == isKnown)
            }
        }
        for (position, mean) in answers[1] {
            let before = try #require(answers[0][position])
            if position.hasPrefix("item-00") {
                #expect(before[0] > 4 && mean.allSatisfy { $0 == 0 })
            } else if position.hasPrefix("item-06") {
                #expect(mean[0] > before[0] + 4, "both sell every week")
            } else if position.hasPrefix("item-03") {
                #expect(mean[0] > 7, "eight to eleven a week until there was nothing")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a chunk that a dead replica left is taken over, and what the dead one still writes is undone`(
        backend: Backend
    ) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            let (cycle, _) = try await world.begin()
            let lease = try await ReplicaLease.acquire("dead", in: database)
            let dead = ChunkQueue(database: database, epoch: lease.epoch)
            let left = try #require(try await dead.take(at: world.clock.now))
            try await lease.release()
            try await world.worker.run()
            #expect(try await CycleDesk(world.services).cycle(cycle.id).state == .closed)
            let before = try await world.recommendations()
            #expect(before.count == cycle.expected)
            await #expect(throws: Fault.self) {
                try await BuiltInEngine(world.services).compute(left) { result, connection, now in
                    try dead.complete(left, result, on: connection, at: now)
                }
            }
            #expect(try await world.recommendations() == before)
        }
    }

    @Test(arguments: Backend.available)
    func `what ends every process is halved until it is alone, and holds back no other`(backend: Backend) async throws {
        try await backend.withDatabase(migrations: EngineWorld.migrations, inMemory: true) { database in
            let world = try EngineWorld(database)
            try await world.stock()
            let (cycle, run) = try await world.begin()
            // As after three replicas that ended with the first chunk, and three more with its only position left.
            try await database.write { connection in
                try connection.run("UPDATE engine_chunk SET attempts = 3 WHERE run = \(run.id) AND number = 1")
            }
            let worker = try await world.worker
            try await worker.run()
            var latest = try #require(try await EngineRuns(world.services).latest(of: cycle.id))
            #expect(latest.chunks == 7 && latest.state == .done && latest.troubled == 0)

            _ = try await CycleDesk(world.services).open(CyclePlan(name: "again", locations: ["north"], horizon: 8, history: 26))
            let second = try #require(try await CycleDesk(world.services).list().first { $0.plan.name == "again" })
            _ = try await EngineRuns(world.services, chunk: 1).begin(second.id)
            try await database.write { connection in
                try connection.run("UPDATE engine_chunk SET attempts = 3 WHERE number = 1 AND state = 'waiting'")
            }
            try await worker.run()
            latest = try #require(try await EngineRuns(world.services).latest(of: second.id))
            #expect(latest.state == .done && latest.troubled == 1 && latest.forecasts == second.expected - 1)
            #expect(try await CycleDesk(world.services).cycle(second.id).state == .open, "one position is not covered")
            #expect(try await world.exceptions().map(\.kind) == ["unplanned"])
        }
    }
}

@Suite(.enabled(if: Backend.available.contains(.postgres))) struct `Replicas on one PostgreSQL` {
    @Test func `share one run, and every position is answered once`() async throws {
        try await withPostgresDatabase { conninfo, name in
            try await withReplicas(2, conninfo, name) { worlds in
                try await worlds[0].stock()
                let (cycle, _) = try await worlds[0].begin()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (number, world) in worlds.enumerated() {
                        let worker = try await world.worker("replica-\(number)", threads: .shared)
                        group.addTask { while try await worker.run() {} }
                    }
                    try await group.waitForAll()
                }
                let run = try await EngineRuns(worlds[1].services).finished(cycle.id)
                #expect(run.forecasts == cycle.expected && run.recommendations == cycle.expected && run.troubled == 0)
                let closed = try await CycleDesk(worlds[0].services).cycle(cycle.id)
                #expect(closed.state == .closed && closed.forecast == cycle.expected)
                #expect(closed.recommendations == cycle.expected)
                let epochs = try await worlds[0].services.database.read { connection in
                    try connection.values("SELECT DISTINCT epoch FROM engine_chunk ORDER BY epoch", as: Int64.self)
                }
                #expect(!epochs.isEmpty && epochs.count <= 2)
            }
        }
    }

    @Test func `finish what one that was killed half-way had begun`() async throws {
        try await withPostgresDatabase { conninfo, name in
            try await withReplicas(2, conninfo, name) { worlds in
                try await worlds[0].stock()
                let (cycle, run) = try await worlds[0].begin()
                // The first replica does two of the six chunks, takes a third, and ends.
                let lease = try await ReplicaLease.acquire("killed", in: worlds[0].services.database)
                let queue = ChunkQueue(database: worlds[0].services.database, epoch: lease.epoch)
                for _ in 0..<2 {
                    let chunk = try #require(try await queue.take(at: worlds[0].clock.now))
                    try await BuiltInEngine(worlds[0].services).compute(chunk) { result, connection, now in
                        try queue.complete(chunk, result, on: connection, at: now)
                    }
                }
                _ = try #require(try await queue.take(at: worlds[0].clock.now))
                try await lease.release()
                await worlds[0].services.database.close()
                let second = try await worlds[1].worker("second", threads: .shared)
                while try await second.run() {}
                let ended = try await EngineRuns(worlds[1].services).finished(cycle.id)
                #expect(ended.id == run.id && ended.chunksDone == 6 && ended.forecasts == cycle.expected)
                #expect(try await worlds[1].forecasts().count == cycle.expected)
                #expect(try await worlds[1].recommendations().count == cycle.expected)
            }
        }
    }
}

/// Runs `body` with replicas that each have connections of their own.
private func withReplicas(
    _ count: Int, _ conninfo: String, _ name: String, _ body: ([EngineWorld]) async throws -> Void
) async throws {
    var worlds: [EngineWorld] = []
    for seed in 0..<count {
        let database = try await PostgresDatabase.open(conninfo: conninfo, database: name)
        worlds.append(try EngineWorld(database, seed: UInt64(seed + 1)))
    }
    try await worlds[0].services.database.migrate(EngineWorld.migrations, at: TestClock.start)
    do {
        try await body(worlds)
    } catch {
        for world in worlds { await world.services.database.close() }
        throw error
    }
    for world in worlds { await world.services.database.close() }
}
