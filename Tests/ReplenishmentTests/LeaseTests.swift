import ConnectorKit
import Storage
import Synchronization
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

@Suite struct `A replica's lease` {
    @Test(arguments: Backend.available)
    func `Row 33: it is taken by many that start at once, each with an epoch of its own`(backend: Backend) async throws {
        try await MoodyWorld.run(on: backend) { world in
            let database = world.services.database
            let epochs = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 0..<24 {
                    group.addTask { try await ReplicaLease.acquire("replica-\(number)", in: database).epoch }
                }
                return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
            }
            #expect(epochs == Set(1...24))
        }
    }

    @Test(arguments: Backend.available)
    func `Row 4: one that has run out is begun anew, and nothing more is claimed under the old epoch`(backend: Backend)
        async throws
    {
        try await MoodyWorld.run(on: backend) { world in
            let lease = try await world.flow.lease()
            let first = lease.epoch
            #expect(try await lease.renew())
            try await lease.release()
            #expect(try await !lease.renew())
            try await world.approve(0..<1)
            let dispatcher = Dispatcher(world.services, lease: lease, logger: world.flow.logger)
            try await dispatcher.run()
            #expect(world.erp.arrivals == 0)
            try await lease.beginAnew()
            #expect(try await lease.renew())
            #expect(lease.epoch > first)
            try await dispatcher.run()
            #expect(world.erp.effects == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 2: one that has run out leaves what was on its way to another, all at once and each with its event`(
        backend: Backend
    ) async throws {
        try await MoodyWorld.run(on: backend) { world in
            try await world.approve(0..<40)
            let dead = try await world.dispatcher("dead")
            let (dispatches, _) = try await dead.claim(for: try world.system(), atMost: 30)
            #expect(dispatches.count == 30)
            let heir = Settlement(world.services, lease: try await world.flow.lease("heir"), logger: world.flow.logger)
            // On an embedded database the earlier lease ends with the new one.
            if backend == .postgres {
                #expect(try await heir.takeOver() == 0)
                try await dead.lease.release()
            }
            #expect(try await heir.takeOver() == 30)
            #expect(try await heir.takeOver() == 0)
            #expect(try await world.states() == ["approved": 10, "unknown": 30])
            let told = try await world.services.database.read { connection in
                try connection.value("SELECT COUNT(*) FROM event WHERE type = 'plimsoll.recommendation.unknown'", as: Int.self)
            }
            #expect(told == 30)
            // They have settled at once, by what this ERP's connector declares: nothing is there, and they are sent again.
            while try await heir.run() > 0 {}
            #expect(try await world.states() == ["approved": 40])
            // The zombie's own answer comes too late to change anything.
            if let first = dispatches.first { _ = await dead.carryOut(first) }
            #expect(try await world.states() == ["approved": 40])
        }
    }

    @Test(arguments: Backend.available)
    func `Row 5: an outcome that the database does not take is recorded once it does`(backend: Backend) async throws {
        let cable = Cable()
        try await MoodyWorld.run(on: backend, over: { cable.through($0) }) { world in
            try await world.approve(0..<1)
            let dispatcher = try await world.dispatcher()
            let (dispatches, _) = try await dispatcher.claim(for: try world.system(), atMost: 1)
            cable.isCut = true
            await withTaskGroup(of: Void.self) { group in
                for dispatch in dispatches { group.addTask { _ = await dispatcher.carryOut(dispatch) } }
                group.addTask {
                    while world.erp.effects == 0 || cable.refusals == 0 { try? await Task.sleep(for: .milliseconds(5)) }
                    cable.isCut = false
                }
            }
            #expect(try await world.states() == ["done": 1])
            #expect(world.erp.effects == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 5: a process that is to end while the database is away ends in time, and others settle what it left`(
        backend: Backend
    ) async throws {
        let cable = Cable()
        let origin = ContinuousClock.now
        let clock = WallClock(now: { TestClock.start + (ContinuousClock.now - origin) }, pause: { try await Task.sleep(for: $0) })
        try await MoodyWorld.run(on: backend, clock: clock, over: { cable.through($0) }) { world in
            try await world.approve(0..<1)
            let dispatcher = try await world.dispatcher()
            let (dispatches, _) = try await dispatcher.claim(for: try world.system(), atMost: 1)
            cable.isCut = true
            world.services.drain.begin(at: clock.now(), lasting: .milliseconds(100))
            let began = ContinuousClock.now
            for dispatch in dispatches { _ = await dispatcher.carryOut(dispatch) }
            #expect(ContinuousClock.now - began < .seconds(25))
            #expect(world.erp.effects == 1 && cable.refusals > 0)

            cable.isCut = false
            #expect(try await world.states() == ["inflight": 1])
            try await dispatcher.lease.release()
            let heir = Settlement(world.services, lease: try await world.flow.lease("heir"), logger: world.flow.logger)
            #expect(try await heir.takeOver() == 1)
            #expect(try await world.readBack(by: heir) == 1)
            #expect(try await world.states() == ["done": 1])
            #expect(world.erp.arrivals == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `Row 33: a call that outlasts the drain is cut off as unknown, and read back`(backend: Backend) async throws {
        let origin = ContinuousClock.now
        let clock = WallClock(now: { TestClock.start + (ContinuousClock.now - origin) }, pause: { try await Task.sleep(for: $0) })
        try await MoodyWorld.run(on: backend, clock: clock) { world in
            try await world.approve(0..<1)
            let dispatcher = try await world.dispatcher()
            world.erp.be(.slow(.seconds(30)))
            world.services.drain.begin(at: clock.now(), lasting: .milliseconds(500))
            let began = ContinuousClock.now
            try await dispatcher.run()
            #expect(ContinuousClock.now - began < .seconds(25))
            #expect(try await world.states() == ["unknown": 1])
            // The call that was given up was carried out all the same.
            let heir = Settlement(world.services, lease: try await world.flow.lease("heir"), logger: world.flow.logger)
            _ = try await world.readBack(by: heir)
            #expect(try await world.states() == ["done": 1])
            #expect(world.erp.arrivals == 1 && world.erp.effects == 1)
        }
    }
}

extension MoodyWorld {
    /// Reads back until all is done, for at most a minute: nothing is read before it must have settled, by a real clock.
    ///
    /// - Returns: how many rows were looked at.
    func readBack(by settlement: Settlement) async throws -> Int {
        let patience = ContinuousClock.now + .seconds(60)
        var looks = 0
        while try await states() != ["done": 1], ContinuousClock.now < patience {
            let seen = try await settlement.run()
            looks += seen
            if seen == 0 { try await Task.sleep(for: .milliseconds(50)) }
        }
        return looks
    }

    func system() throws -> ConnectedSystems.Connected {
        guard let system = services.systems["erp"] else { throw Fault.notFound("The ERP") }
        return system
    }
}

/// The cable to the database, which a test may pull out.
private final class Cable: Sendable {
    private let state = Mutex((isCut: false, refusals: 0))

    var isCut: Bool {
        get { state.withLock(\.isCut) }
        set { state.withLock { $0.isCut = newValue } }
    }

    /// How many transactions found it out.
    var refusals: Int { state.withLock(\.refusals) }

    func pass() throws {
        try state.withLock { state in
            guard state.isCut else { return }
            state.refusals += 1
            throw Fault.storageUnavailable("the cable is out.")
        }
    }

    func through(_ database: any Database) -> any Database { CabledDatabase(database: database, cable: self) }

    private struct CabledDatabase: Database {
        let database: any Database
        let cable: Cable

        var dialect: Dialect { database.dialect }

        func read<Value: Sendable>(
            _ work: @escaping @Sendable (any Connection) throws -> Value
        ) async throws -> Value {
            try cable.pass()
            return try await database.read(work)
        }

        @discardableResult
        func write<Value: Sendable>(
            _ work: @escaping @Sendable (any Connection) throws -> Value
        ) async throws -> Value {
            try cable.pass()
            return try await database.write(work)
        }

        func close() async { await database.close() }
    }
}
