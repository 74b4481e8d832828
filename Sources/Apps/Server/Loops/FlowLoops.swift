import Cycles
import EventRelay
import Logging
import Replenishment
import ServiceLifecycle
import Storage
import Vocabulary

/// What a server does without being asked: decides, sends, settles, keeps house, reads systems and signs checkpoints.
package struct FlowLoops: Service {
    let plimsoll: Plimsoll

    package init(_ plimsoll: Plimsoll) {
        self.plimsoll = plimsoll
    }

    /// Until the process is told to stop; what is under way then is finished first.
    ///
    /// Nothing new is begun then, calls under way have the time of the drain, and the lease is given back, so that others take
    /// over at once what is left.
    package func run() async throws {
        let services = plimsoll.services
        try await withGracefulShutdownHandler {
            guard let lease = try await acquired() else { return }
            plimsoll.logger.info("flow started", metadata: ["epoch": "\(lease.epoch)"])
            do { try await run(under: lease) } catch is OutOfTime {}
            try? await lease.release()
            try? await Checkpoints(plimsoll).sign()
            await linger()
        } onGracefulShutdown: {
            services.drain.begin(at: services.clock.now(), lasting: services.settings.drain)
        }
    }

    private func run(under lease: ReplicaLease) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work(under: lease) }
            group.addTask { try await keep(lease) }
            if plimsoll.configuration.isPostgres { group.addTask { try await look(from: lease) } }
            group.addTask { try await cutOff() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func work(under lease: ReplicaLease) async throws {
        let services = plimsoll.services
        let settlement = Settlement(services, lease: lease, logger: plimsoll.logger)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                await repeating("decisions", every: .milliseconds(100), or: services.bells.decisions) {
                    try await DecisionStage(services).run() > 0
                }
            }
            act(under: lease, settlement, in: &group)
            group.addTask { await repeating("housekeeping", every: .seconds(5)) { try await Housekeeping(services).run() > 0 } }
            group.addTask { await repeating("cycles", every: .seconds(5)) { try await fallBack() } }
            group.addTask {
                await repeating("engine", every: .milliseconds(100)) {
                    try await EngineWorker(services, lease: lease, logger: plimsoll.logger).run {
                        Task.isShuttingDownGracefully || services.distance.standsAside
                    }
                }
            }
            group.addTask {
                await repeating("checkpoints", every: .seconds(60)) {
                    try await Checkpoints(plimsoll).sign()
                    return false
                }
            }
            if let nats = plimsoll.configuration.nats { relay(nats, in: &group) }
            readSystems(in: &group)
        }
    }

    /// What acts on outside systems and finds out how that ended. Each has a lane of its own: a slow one holds up nobody else.
    private func act(
        under lease: ReplicaLease, _ settlement: Settlement, in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        let services = plimsoll.services
        let dispatcher = Dispatcher(services, lease: lease, logger: plimsoll.logger)
        for system in services.systems.all {
            group.addTask {
                await TargetLane(dispatcher, to: system).keepFull { Task.isCancelled || Task.isShuttingDownGracefully }
            }
            group.addTask {
                await repeating("settlement \(system.name)", every: .milliseconds(200)) {
                    try await settlement.run(system) > 0
                }
            }
            group.addTask {
                await repeating("review \(system.name)", every: .seconds(2)) {
                    try await EffectReview(services, logger: plimsoll.logger).run(system)
                }
            }
        }
        group.addTask {
            await repeating("review of targets", every: .seconds(15)) {
                try await TargetReview(services).run()
                return false
            }
        }
        group.addTask { await repeating("strays", every: .seconds(2)) { try await holdStrays(dispatcher, settlement) } }
        group.addTask {
            await repeating("takeover", every: .milliseconds(200)) { try await settlement.takeOver() > 0 }
        }
        group.addTask {
            await repeating("reconciliation", every: .seconds(5)) {
                try await Reconciliation(services, logger: plimsoll.logger).run() > 0
            }
        }
    }

    private func readSystems(in group: inout ThrowingDiscardingTaskGroup<any Error>) {
        for system in plimsoll.configuration.systems {
            guard let interval = system.syncEvery else { continue }
            group.addTask {
                await repeating("sync \(system.name)", every: interval) {
                    _ = try await plimsoll.synchronize(system.name)
                    return false
                }
            }
        }
    }

    /// The broker is fan-out and an edge for warehouses; while it is away, nothing else waits for it.
    private func relay(_ nats: RelaySettings, in group: inout ThrowingDiscardingTaskGroup<any Error>) {
        let services = plimsoll.services
        let (clock, logger) = (services.clock, plimsoll.logger)
        group.addTask {
            let publication = Publication([services.events], in: services.database, settings: nats, clock: clock, logger: logger)
            await repeating("event relay", every: .milliseconds(50)) { try await publication.run() > 0 }
            await publication.close()
        }
        wake(nats, in: &group)
        guard nats.readsWarehouse else { return }
        group.addTask {
            let link = BrokerLink(nats.address)
            let intake = WarehouseIntake(link, nats, into: services.database, log: services.events, clock: clock)
            await repeating("warehouse events", every: .milliseconds(10)) { try await intake.run() > 0 }
            await link.close()
        }
    }

    /// Replicas wake each other after a commit; without that each finds the work when it looks again.
    private func wake(_ nats: RelaySettings, in group: inout ThrowingDiscardingTaskGroup<any Error>) {
        let bells = plimsoll.services.bells
        let wakeUps = WakeUps(nats, randomness: plimsoll.services.randomness)
        group.addTask {
            await repeating("wake-ups", every: .seconds(1), or: bells.abroad) {
                try await wakeUps.tell(bells.takeUntold().map(\.rawValue))
                return false
            }
        }
        group.addTask {
            await repeating("wake-ups by others", every: .milliseconds(10)) {
                for stage in try await wakeUps.hear().compactMap(FlowBells.Stage.init) { bells[stage].ring() }
                return false
            }
            await wakeUps.close()
        }
    }

    /// What is meant for systems that nobody has configured here is put before people.
    private func holdStrays(_ dispatcher: Dispatcher, _ settlement: Settlement) async throws -> Bool {
        try await dispatcher.holdStrays() + settlement.holdStrays() > 0
    }

    /// The built-in engine answers for what a late source leaves uncovered; its answers are provisional.
    private func fallBack() async throws -> Bool {
        let services = plimsoll.services
        let late = try await CycleDesk(services).markLate()
        for cycle in late { _ = try await EngineRuns(services).begin(cycle.id, asProvisional: true) }
        return !late.isEmpty
    }

    /// Runs `work` again and again, at once while there is more to do, and goes on after a fault. It rests while this process is
    /// to leave the work to others.
    ///
    /// - Parameter bell: wakes it before the pause is over.
    private func repeating(
        _ name: String, every pause: Duration, or bell: Bell? = nil, _ work: @Sendable () async throws -> Bool
    ) async {
        let clock = plimsoll.services.clock
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            if plimsoll.refusal() != nil {
                try? await cancelWhenGracefulShutdown { try await clock.pause(Distance.pauseBetweenLooks) }
                continue
            }
            var hasMore = false
            do {
                hasMore = try await work()
            } catch is CancellationError {
                return
            } catch {
                plimsoll.logger.error("\(name) failed and will be tried again", metadata: ["error": "\(error)"])
                try? await clock.pause(.seconds(1))
            }
            guard !hasMore else { continue }
            try? await cancelWhenGracefulShutdown {
                if let bell { await bell.wait(atMost: pause, by: clock) } else { try await clock.pause(pause) }
            }
        }
    }
}
