import Logging
import Replenishment
import Storage
import Synchronization
import Vocabulary

/// A machine on which one process after the other runs, with a clock of its own.
final class Machine: Sendable {
    let strand: Strand
    private let number: Int
    private let dice: Dice
    private let offset: Mutex<Duration>
    /// How much faster its time goes than the world's; it cannot be set.
    private let drift: Double
    private let present = Mutex<(life: Life, services: FlowServices)?>(nil)

    init(_ number: Int, strand: Strand, dice: Dice, skew: Duration) {
        self.number = number
        self.strand = strand
        self.dice = dice
        offset = Mutex(skew)
        drift = (dice.randomness.fraction() * 2 - 1) * 0.001
    }

    /// The time since the world began, as this machine counts it.
    func uptime(in world: World) -> Duration { (world.scheduler.now - World.start) * (1 + drift) }

    /// How far its clock is ahead.
    var skew: Duration {
        get { offset.withLock { $0 } }
        set { offset.withLock { $0 = newValue } }
    }

    /// The process that runs, for whoever wants to talk to it.
    var process: (life: Life, services: FlowServices)? {
        present.withLock { $0 }.flatMap { $0.life.isAlive ? $0 : nil }
    }

    /// Starts a process again whenever one has ended.
    func run(in world: World) async {
        var started = 0
        while !world.isOver {
            started += 1
            let life = Life("replica\(number).\(started)", on: self, dice: dice.fork(), in: world)
            do {
                let (services, clock) = try await life.begin()
                present.withLock { $0 = (life, services) }
                try await work(life, services, clock, world)
            } catch {
                world.say("\(life.name) ends: \(error)")
            }
            life.end("has ended")
            try? await world.scheduler.pause(dice.seconds(0.2...3))
        }
    }

    private struct Ended: Error {}
    private struct LeaseLost: Error {}

    /// What `FlowLoops` of a server does, at the pace of a simulation.
    private func work(_ life: Life, _ services: FlowServices, _ clock: AgreedClock, _ world: World) async throws {
        let logger = Logger(label: life.name) { _ in SwiftLogNoOpLogHandler() }
        let lease = try await ReplicaLease.acquire(life.name, in: services.database)
        let dispatcher = Dispatcher(services, lease: lease, logger: logger)
        let settlement = Settlement(services, lease: lease, logger: logger)
        try await settlement.takeOver()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                await life.untilItEnds()
                throw Ended()
            }
            group.addTask {
                while true {
                    try await services.clock.pause(ReplicaLease.heartbeat)
                    do {
                        guard try await lease.renew() else { throw LeaseLost() }
                        if !world.sabotage.trustsMachines { try await clock.set(by: services.database) }
                    } catch let fault as Fault where fault.isPassing {}
                }
            }
            let bell = services.bells.decisions
            group.addTask { await self.repeating(services, 0.5...2, or: bell) { try await DecisionStage(services).run() } }
            for system in services.systems.all {
                group.addTask { [dice] in
                    await TargetLane(dispatcher, to: system, rest: dice.seconds(0.5...2)).keepFull { Task.isCancelled }
                }
                group.addTask { await self.repeating(services, 1...4) { try await settlement.run(system) } }
                let review = EffectReview(services, logger: logger)
                group.addTask { await self.repeating(services, 10...30) { try await review.run(system) ? 1 : 0 } }
            }
            group.addTask {
                await self.repeating(services, 5...10) { try await dispatcher.holdStrays() + settlement.holdStrays() }
            }
            group.addTask { await self.repeating(services, 1...4) { try await settlement.takeOver() } }
            group.addTask { await self.repeating(services, 20...40) { try await Housekeeping(services).run() } }
        }
    }

    /// - Parameter bell: wakes it before the pause is over.
    private func repeating(
        _ services: FlowServices, _ seconds: ClosedRange<Double>, or bell: Bell? = nil,
        _ work: @Sendable () async throws -> Int
    ) async {
        while !Task.isCancelled {
            var done = 0
            do { done = try await work() } catch {}
            guard done == 0 else { continue }
            let pause = dice.seconds(seconds)
            if let bell { await bell.wait(atMost: pause, by: services.clock) } else { try? await services.clock.pause(pause) }
        }
    }
}
