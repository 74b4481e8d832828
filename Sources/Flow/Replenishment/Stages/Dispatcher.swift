import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Governance
import Logging
import Storage
import Vocabulary

/// Sends approved actions, once each: claims them, writes the attempt down, calls the system, records how it ended.
package struct Dispatcher: Sendable {
    let services: FlowServices
    let lease: ReplicaLease
    let logger: Logger

    package init(_ services: FlowServices, lease: ReplicaLease, logger: Logger) {
        self.services = services
        self.lease = lease
        self.logger = logger
    }

    /// An action on its way: the attempt is durable before the call is made.
    struct Dispatch: Sendable {
        let row: ReplenishmentRow
        let approved: Approved<Action>
        let system: ConnectedSystems.Connected
        let names: Crosswalk
        let claimedAt: Instant
    }

    /// Sends what is ready, to each system as much as it takes at once, and returns when all has been answered.
    ///
    /// - Returns: how many rows were claimed or set aside; zero when nothing is ready.
    @discardableResult
    package func run() async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await holdStrays() }
            for system in services.systems.all {
                group.addTask { try await send(to: system, atMost: services.settings.inFlight) }
            }
            return try await group.reduce(0, +)
        }
    }

    private func send(to system: ConnectedSystems.Connected, atMost limit: Int) async throws -> Int {
        let (dispatches, taken) = try await claim(for: system, atMost: limit)
        await withDiscardingTaskGroup { group in
            for dispatch in dispatches { group.addTask { await carryOut(dispatch) } }
        }
        return taken
    }

    /// Claims what is ready for one system.
    ///
    /// Replicas pass over each other's rows instead of waiting for them. A claim that fails is halved until the row that
    /// cannot be sent is alone; that one becomes a dead letter.
    ///
    /// - Returns: what is to be sent now, and how many rows were claimed or set aside.
    func claim(
        for system: ConnectedSystems.Connected, atMost limit: Int
    ) async throws -> (dispatches: [Dispatch], taken: Int) {
        let now = services.clock.now()
        // What the system has no room for is not claimed: it would wait in this process's lease instead of in the queue.
        let room = system.budget?.standing(at: now).room ?? .max
        guard room > 0 else { return ([], 0) }
        let mayBeCalled = TargetStanding.mayBeCalled(system.name, by: lease.epoch, at: now)
        let ready = try await ready(for: system, atMost: min(limit, room), at: now, when: mayBeCalled)
        guard !ready.isEmpty else { return try await tryAgain(system) }
        services.failpoints.reach(.beforeAttempt)
        let dispatches = try await claim(ready[...], for: system)
        services.failpoints.reach(.afterAttempt)
        return (dispatches, ready.count)
    }

    /// What is to be sent next, in the order in which it is to be sent.
    func ready(
        for system: ConnectedSystems.Connected, atMost limit: Int, at now: Instant, when condition: SQL
    ) async throws -> [ID<Recommendation>] {
        try await services.database.read { connection in
            try connection.values(
                """
                SELECT id FROM replenishment WHERE state = 'approved' AND \(isDue) AND look_first = 0 AND system = \(system.name)
                    AND next_at <= \(now) AND \(condition) AND \(isItsTurn)
                ORDER BY next_at LIMIT \(min(limit, services.settings.batch))
                """, as: ID<Recommendation>.self)
        }
    }

    func claim(
        _ ids: ArraySlice<ID<Recommendation>>, for system: ConnectedSystems.Connected
    ) async throws -> [Dispatch] {
        guard !ids.isEmpty else { return [] }
        do {
            return try await services.write(promising: false) { ledger in
                try Claim(ledger, lease: lease, system: system).take(ids)
            }
        } catch let fault as Fault where fault.isPassing {
            if fault.code == .storageCommitUnknown { await takeBack(ids, from: system) }
            throw fault
        } catch is CancellationError {
            throw CancellationError()
        } catch let lapsed as LeaseRunOut {
            logger.warning("the lease has run out; nothing is sent", metadata: ["epoch": "\(lapsed.epoch)"])
            return []
        } catch {
            guard ids.count == 1, let id = ids.first else {
                let middle = ids.startIndex + ids.count / 2
                let first = try await claim(ids[..<middle], for: system)
                // What has been claimed has to be sent, whatever becomes of the rest.
                do { return first + (try await claim(ids[middle...], for: system)) } catch  where !first.isEmpty { return first }
            }
            // Another replica has just claimed an action of the same order key: this one's turn comes.
            guard (error as? Fault)?.code != .storageUnique else { return [] }
            try await setAside(id, because: error)
            return []
        }
    }

    /// Nobody knows whether these were claimed. What was is in nobody's hands here and was not sent, and nobody else takes it
    /// over while this process lives.
    private func takeBack(_ ids: ArraySlice<ID<Recommendation>>, from system: ConnectedSystems.Connected) async {
        do {
            // A commit that is still under way holds the rows: this waits for it, and so asks by their ids alone. What is looked
            // for by another condition is not waited for as long as it does not meet that.
            let claimed = try await services.write(promising: false) { ledger in
                try ledger.lock("WHERE id \(anyOf: ids) ORDER BY id \(.forUpdate)", order: "id")
                    .filter { $0.state == .inflight && $0.epoch == lease.epoch }
            }
            let outcome = Outcome.notDone(.unreachable("It was not sent: whether it was claimed was not known.", after: .zero))
            for row in claimed { try await Completion(services).record(outcome, of: row, in: system) }
        } catch {
            logger.error("what may have been claimed could not be taken back", metadata: ["error": "\(error)"])
            do { try await services.clock.pause(.seconds(1)) } catch { return }
            await takeBack(ids, from: system)
        }
    }

    private func setAside(_ id: ID<Recommendation>, because error: any Error) async throws {
        let fault = error as? Fault ?? .defect("\(error)")
        try await services.write(promising: false) { ledger in
            let row = try ledger.row(id)
            guard row.state == .approved,
                try ledger.move(
                    row, to: .deadLetter, Change(reason: fault.message, fault: fault.code.name, failures: row.failures))
            else { return }
            try ledger.exceptions.open("deadLetter", of: row, team: "operations", summary: fault.message)
        }
    }

    /// Holds what is approved for a system that nobody has configured here.
    @discardableResult
    package func holdStrays() async throws -> Int {
        let now = services.clock.now()
        let known = services.systems.all.map(\.name)
        let strays = try await services.database.read { connection in
            try connection.values(
                """
                SELECT id FROM replenishment WHERE state = 'approved' AND \(isDue) AND next_at <= \(now)
                    AND (system IS NULL OR NOT (system \(anyOf: known))) ORDER BY next_at LIMIT \(services.settings.batch)
                """, as: ID<Recommendation>.self)
        }
        guard !strays.isEmpty else { return 0 }
        return try await services.write(promising: false) { ledger in
            let rows = try ledger.lock(
                "WHERE id \(anyOf: strays) AND state = 'approved' ORDER BY id \(.skipLocked)", order: "id")
            for row in rows {
                let action = row.action?.kind.rawValue ?? "anything"
                try Claim.hold(
                    row, "The system \(row.system?.rawValue ?? "nobody named") cannot carry out \(action) here.",
                    .connectorMissing, ledger)
            }
            return rows.count
        }
    }

    /// Whether nobody can have taken this process for dead since it claimed: it was not stopped meanwhile.
    private func isStillOurs(_ dispatch: Dispatch) -> Bool {
        let age = services.clock.now() - dispatch.claimedAt
        return age >= .zero && age < ReplicaLease.duration - ReplicaLease.heartbeat
    }

    /// - Parameter turn: the place in a lane that is waited for.
    /// - Returns: how it ended; nil when the call was not made.
    @discardableResult
    func carryOut(_ dispatch: Dispatch, in turn: LaneTraffic.Turn? = nil) async -> Outcome? {
        let answer: Outcome?
        if let turn {
            answer = await turn.call(by: services.clock) { await call(dispatch) }
        } else {
            answer = await call(dispatch)
        }
        guard let outcome = answer else {
            let reason =
                isStillOurs(dispatch)
                ? "It was not sent: its system failed, or this process was told to stop, before its turn came."
                : "It was not sent: this process was stopped after it had claimed it."
            await record(.notDone(.unreachable(reason, after: .zero)), of: dispatch)
            return nil
        }
        services.failpoints.reach(.afterReply)
        await record(outcome, of: dispatch)
        await TargetGuard(services: services, system: dispatch.system, lease: lease, logger: logger).heed(outcome)
        return outcome
    }

    /// Others would look whether the action is there, find nothing, and send it too: a call that comes late is not made.
    private func call(_ dispatch: Dispatch) async -> Outcome? {
        isStillOurs(dispatch) ? await answer(to: dispatch) : nil
    }

    /// Records the outcome, again and again while the database does not take it: as long as this process lives nobody takes the
    /// row over.
    private func record(_ outcome: Outcome, of dispatch: Dispatch) async {
        do {
            services.failpoints.reach(.beforeCompletion)
            try await Completion(services).record(outcome, of: dispatch.row, in: dispatch.system)
            services.failpoints.reach(.afterCompletion)
        } catch {
            logger.error(
                "an outcome could not be recorded", metadata: ["recommendation": "\(dispatch.row.id)", "error": "\(error)"])
            guard let fault = error as? Fault, fault.isPassing else { return }
            // A process that is to end leaves it to the others, who read back what became of it.
            guard !services.drain.isOver(at: services.clock.now() - Self.graceOfRecording) else { return }
            do { try await services.clock.pause(.seconds(1)) } catch { return }
            await record(outcome, of: dispatch)
        }
    }

    /// How long a process that is to end still tries to record an outcome, after calls under way have been cut off.
    private static let graceOfRecording = Duration.seconds(3)

    /// The connector's answer, or unknown when it does not come in time.
    private func answer(to dispatch: Dispatch) async -> Outcome {
        let services = services
        let timeout = services.settings.callTimeout
        return await services.within(timeout) {
            .unknown(
                services.drain.began != nil
                    ? "This process was told to stop while it waited for the answer."
                    : "\(dispatch.system.name) did not answer within \(Int(timeout.inSeconds)) s.")
        } _: {
            await Patience.$bound.withValue(.seconds(1)) {
                await dispatch.system.connector.carryOut(
                    dispatch.approved, reference: dispatch.row.reference, names: dispatch.names)
            }
        }
    }
}
