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
    }

    /// Sends what is ready.
    ///
    /// - Returns: how many rows were claimed or set aside; zero when nothing is ready.
    @discardableResult
    package func run() async throws -> Int {
        let ready = try await services.database.read { [now = services.clock.now()] connection in
            try connection.values(
                """
                SELECT id FROM replenishment r WHERE state = 'approved' AND look_first = 0 AND next_at <= \(now) AND NOT EXISTS (
                    SELECT 1 FROM replenishment o WHERE o.order_key = r.order_key AND o.state IN ('inflight', 'unknown'))
                ORDER BY next_at, version LIMIT \(services.settings.inFlight)
                """, as: ID<Recommendation>.self)
        }
        guard !ready.isEmpty else { return 0 }
        services.failpoints.reach(.beforeAttempt)
        let dispatches = try await claim(ready)
        services.failpoints.reach(.afterAttempt)
        await withDiscardingTaskGroup { group in
            for dispatch in dispatches { group.addTask { await carryOut(dispatch) } }
        }
        return ready.count
    }

    /// Fences each row, writes its attempt and takes it; one transaction for all.
    private func claim(_ ids: [ID<Recommendation>]) async throws -> [Dispatch] {
        try await services.write { ledger in
            guard try isAlive(ledger) else { return [] }
            var claimed: [Dispatch] = []
            var keys: Set<String> = []
            for row in try ledger.rows(
                "WHERE id IN (\(list: ids)) AND state = 'approved' AND look_first = 0 ORDER BY next_at, version")
            {
                guard keys.insert(row.orderKey).inserted, let dispatch = try claim(row, ledger) else { continue }
                claimed.append(dispatch)
            }
            return claimed
        }
    }

    private func isAlive(_ ledger: Ledger) throws -> Bool {
        let alive = try ledger.connection.value(
            "SELECT epoch FROM replica WHERE epoch = \(lease.epoch) AND expires_at > \(.now)", as: Int64.self)
        if alive == nil { logger.warning("the lease has run out; nothing is sent", metadata: ["epoch": "\(lease.epoch)"]) }
        return alive != nil
    }

    private func claim(_ row: ReplenishmentRow, _ ledger: Ledger) throws -> Dispatch? {
        guard let decision = try ledger.decision(of: row), let action = row.action else {
            throw Fault.defect("Recommendation \(row.id) is approved without a decision.")
        }
        let approved: Approved<Action>
        do {
            let table = try services.policies.table(decision.policyVersion, on: ledger.connection)
            approved = try Approved(
                action, by: decision, approvals: try ledger.approvals(of: decision.id), limits: table.limits,
                escalatedTo: row.escalatedTo(by: table), now: ledger.now)
        } catch let fault as Fault {
            if fault.code == .lapsed {
                try ledger.move(row, to: .expired, Change(reason: fault.message, fault: fault.code.name))
            } else {
                try hold(row, fault.message, fault.code, ledger)
            }
            return nil
        }
        guard let name = row.system, let system = services.systems[name], system.connector.capabilities[action.kind] != nil else {
            try hold(
                row, "The system \(row.system?.rawValue ?? "nobody named") cannot carry out \(action.kind.rawValue) here.",
                .connectorMissing, ledger)
            return nil
        }
        guard try Fence(ledger: ledger).pass(row, decided: decision) else { return nil }
        try ledger.connection.run(
            """
            INSERT INTO attempt (recommendation, number, reference, system, replica, epoch, started_at)
            VALUES (\(row.id), \(row.attempts + 1), \(row.reference), \(name), \(lease.name), \(lease.epoch), \(ledger.now))
            """)
        let change = Change(
            reason: "Attempt \(row.attempts + 1)", nextAt: nil, epoch: lease.epoch, failures: row.failures, isAttempt: true)
        guard try ledger.move(row, to: .inflight, change) else { return nil }
        return Dispatch(
            row: try ledger.row(row.id), approved: approved, system: system,
            names: try CrosswalkStore.load(name, on: ledger.connection))
    }

    private func hold(_ row: ReplenishmentRow, _ reason: String, _ code: Fault.Code, _ ledger: Ledger) throws {
        try ledger.move(row, to: .held, Change(reason: reason, fault: code.name))
        try ledger.exceptions.open(
            "held", subject: row.id.rawValue, team: "operations", item: row.recommendation.item,
            location: row.recommendation.location,
            summary: reason)
    }

    private func carryOut(_ dispatch: Dispatch) async {
        let outcome = await answer(to: dispatch)
        services.failpoints.reach(.afterReply)
        do {
            services.failpoints.reach(.beforeCompletion)
            try await Completion(services).record(outcome, of: dispatch.row, in: dispatch.system)
            services.failpoints.reach(.afterCompletion)
        } catch {
            // The attempt is written down; when the lease is taken over it is settled by reading back.
            logger.error(
                "an outcome could not be recorded", metadata: ["recommendation": "\(dispatch.row.id)", "error": "\(error)"])
        }
    }

    /// The connector's answer, or unknown when it does not come in time.
    private func answer(to dispatch: Dispatch) async -> Outcome {
        let (clock, timeout) = (services.clock, services.settings.callTimeout)
        return await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                await dispatch.system.connector.carryOut(
                    dispatch.approved, reference: dispatch.row.reference, names: dispatch.names)
            }
            group.addTask {
                do { try await clock.pause(timeout) } catch { return nil }
                return .unknown("\(dispatch.system.name) did not answer within \(Int(timeout.inSeconds)) s.")
            }
            var outcome: Outcome?
            while outcome == nil, let ended = await group.next() { outcome = ended }
            group.cancelAll()
            return outcome ?? .unknown("The call was cut off.")
        }
    }
}
