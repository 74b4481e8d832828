import Storage
import StorageSQLite
import Vocabulary

/// The one database as one process reaches it: over a connection that breaks, with a process that is killed between any two
/// steps.
final class SimulatedDatabase: Database {
    let dialect: Dialect
    private let life: Life
    private let world: World
    private let dice: Dice

    init(for life: Life, in world: World) {
        self.life = life
        self.world = world
        dialect = world.database.dialect
        dice = life.dice.fork()
    }

    private struct Undone: Error {}

    func read<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await arrive()
        let value = try await world.database.read(work)
        try await pass(0...0.002)
        return value
    }

    @discardableResult
    func write<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await arrive()
        let weather = world.weather
        if dice.chance(weather.crash) { return try await dieInside(work) }
        if dice.chance(weather.storageFailure) { return try await fail(work) }
        if dice.chance(weather.commitUnknown) { return try await loseSight(of: work) }
        if dice.chance(weather.serialization) {
            world.trace.count("serialization")
            try await undo(work)
        }
        let value = try await commit(work)
        try? await pass(0...0.005)
        return value
    }

    func close() async {}

    /// The way to the database, on which anything may come in between.
    private func arrive() async throws {
        try await pass(0...0.002)
        if dice.chance(world.weather.slowStorage) { try await pass(0.1...2) }
        guard life.isAlive else { throw Fault.storageUnavailable("The process is dead.") }
    }

    private func pass(_ seconds: ClosedRange<Double>) async throws {
        try await world.scheduler.pause(dice.seconds(seconds))
    }

    private func commit<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        let (sabotage, forgets) = (world.sabotage, dice.chance(0.25))
        guard sabotage.forgetsAttempts || sabotage.forgetsReceipts || sabotage.rewrite != nil else {
            return try await world.database.write(work)
        }
        let kept = Box<Value>()
        do {
            return try await world.database.write { connection in
                let watched = WatchedConnection(connection, rewrite: sabotage.rewrite)
                let value = try work(watched)
                guard
                    sabotage.forgetsAttempts && watched.wroteAttempt
                        || sabotage.forgetsReceipts && forgets && watched.wroteReceipt
                else { return value }
                kept.value = value
                throw Undone()
            }
        } catch is Undone {
            guard let value = kept.value else { throw Undone() }
            return value
        }
    }

    private func undo<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws {
        do {
            try await world.database.write { connection in
                _ = try work(connection)
                throw Undone()
            }
        } catch is Undone {}
    }

    private func dieInside<Value: Sendable>(
        _ work: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        if dice.chance(0.5) {
            try await undo(work)
            life.crash("before a commit")
        } else {
            _ = try await commit(work)
            life.crash("after a commit")
        }
        throw Fault.storageUnavailable("The process is dead.")
    }

    private func fail<Value: Sendable>(_ work: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        world.trace.count("storageFailure")
        let limit = dice.number(1...15)
        return try await world.database.write { connection -> Value in
            _ = try work(WatchedConnection(connection, breakingAfter: limit))
            throw Fault.storageUnavailable("The connection broke before COMMIT.")
        }
    }

    private func loseSight<Value: Sendable>(
        of work: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        world.trace.count("commitUnknown")
        if dice.chance(0.5) { _ = try await commit(work) } else { try await undo(work) }
        throw Fault.storageCommitUnknown("The connection broke after COMMIT.")
    }
}

/// SAFETY: filled and read by the one thread of a simulation.
private final class Box<Value>: @unchecked Sendable {
    var value: Value?
}
