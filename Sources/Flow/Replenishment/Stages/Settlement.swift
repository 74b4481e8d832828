import CanonicalModel
import CanonicalStore
import ConnectorKit
import Governance
import Logging
import Storage
import Vocabulary

/// Finds out how unknown attempts ended, by reading back under our reference.
package struct Settlement: Sendable {
    let services: FlowServices
    let lease: ReplicaLease
    let logger: Logger

    package init(_ services: FlowServices, lease: ReplicaLease, logger: Logger) {
        self.services = services
        self.lease = lease
        self.logger = logger
    }

    /// What processes left on its way when they ended is unknown; to be read back once it must have settled.
    ///
    /// - Returns: how many rows were taken over.
    @discardableResult
    package func takeOver() async throws -> Int {
        let epoch = lease.epoch
        return try await services.write(promising: false) { ledger in
            try ledger.takeOver(under: epoch, atMost: max(1000, services.settings.batch))
        }
    }

    /// Reads back what is due, in each system as much as it takes at once.
    ///
    /// - Returns: how many rows were looked at.
    @discardableResult
    package func run() async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await holdStrays() }
            for system in services.systems.all { group.addTask { try await run(system) } }
            return try await group.reduce(0, +)
        }
    }

    /// Reads back what is due in one system.
    package func run(_ system: ConnectedSystems.Connected) async throws -> Int {
        let due = try await claim(for: system)
        await withDiscardingTaskGroup { group in
            for probe in due { group.addTask { await look(probe) } }
        }
        return due.count
    }

    struct Probe: Sendable {
        let row: ReplenishmentRow
        let action: Action
        let system: ConnectedSystems.Connected
        let names: Crosswalk
    }

    /// What was seen of one unknown outcome.
    struct Read: Sendable {
        let probe: Probe
        let finding: Finding
    }

    /// Takes due rows for this process, so that two do not probe and resend the same one.
    private func claim(for system: ConnectedSystems.Connected) async throws -> [Probe] {
        let now = services.clock.now()
        let room = min(services.settings.inFlight, system.budget?.standing(at: now).room ?? .max)
        let mayBeAsked: SQL = "system = \(system.name) AND \(TargetStanding.mayBeCalled(system.name, by: lease.epoch, at: now))"
        guard room > 0, try await isAnythingDue(in: mayBeAsked, at: now) else { return [] }
        let epoch = lease.epoch
        return try await services.write(promising: false) { ledger in
            let rows = try ledger.lock(
                """
                WHERE state = 'unknown' AND \(isDue) AND next_at <= \(ledger.now) AND system = \(system.name) ORDER BY next_at, id
                LIMIT \(room) \(.skipLocked)
                """, order: "next_at, id")
            let until = ledger.now + services.settings.callTimeout
            try ledger.connection.run(forEach: rows) { row in
                "UPDATE replenishment SET epoch = \(epoch), next_at = \(until) WHERE id = \(row.id) AND state = 'unknown'"
            }
            let names = try services.crosswalks.names(of: system.name, on: ledger.connection)
            return try rows.compactMap { row in
                guard let action = row.action else {
                    try holdForPeople(row.probed(under: epoch, until: until), "It has no action.", .unsettled, ledger)
                    return nil
                }
                return Probe(row: row.probed(under: epoch, until: until), action: action, system: system, names: names)
            }
        }
    }

    /// Holds what was sent to a system that nobody has configured here any more.
    @discardableResult
    package func holdStrays() async throws -> Int {
        let now = services.clock.now()
        let strays: SQL = "(system IS NULL OR NOT (system \(anyOf: services.systems.all.map(\.name))))"
        guard try await isAnythingDue(in: strays, at: now) else { return 0 }
        return try await services.write(promising: false) { ledger in
            let rows = try ledger.lock(
                """
                WHERE state = 'unknown' AND \(isDue) AND next_at <= \(ledger.now) AND \(strays) ORDER BY id
                LIMIT \(services.settings.batch) \(.skipLocked)
                """, order: "id")
            for row in rows {
                try holdForPeople(row, "The system it was sent to is not configured any more.", .unsettled, ledger)
            }
            return rows.count
        }
    }

    private func isAnythingDue(in condition: SQL, at now: Instant) async throws -> Bool {
        try await services.database.read { connection in
            try connection.value(
                """
                SELECT 1 FROM replenishment WHERE state = 'unknown' AND \(isDue) AND next_at <= \(now) AND \(condition) LIMIT 1
                """, as: Int.self)
        } != nil
    }

    private func look(_ probe: Probe) async {
        do {
            let finding: Finding
            switch await answer(to: probe) {
            case .success(let found): finding = found
            case .failure(let fault):
                try await later(probe.row, fault)
                await TargetGuard(services: services, system: probe.system, lease: lease, logger: logger).heed(fault)
                return
            }
            _ = try await services.queues.findings.submit(Read(probe: probe, finding: finding)) { batch in
                try await services.write(promising: false) { ledger in
                    for read in batch.sorted(by: { $0.probe.row.id < $1.probe.row.id }) {
                        try settle(read.probe, read.finding, ledger)
                    }
                    return batch.map { _ in true }
                }
            }
        } catch {
            logger.error(
                "an unknown outcome could not be settled", metadata: ["recommendation": "\(probe.row.id)", "error": "\(error)"])
        }
    }

    private func answer(to probe: Probe) async -> Result<Finding, Fault> {
        await services.within(services.settings.callTimeout) {
            .failure(.unreachable("\(probe.system.name) did not say in time what became of it."))
        } _: {
            do throws(Fault) {
                return .success(
                    try await probe.system.connector.find(probe.action, reference: probe.row.reference, names: probe.names))
            } catch {
                return .failure(error)
            }
        }
    }

    private func settle(_ probe: Probe, _ finding: Finding, _ ledger: Ledger) throws {
        let row = probe.row
        switch finding {
        case .found(let document):
            let change = Change(
                reason: "Read back: \(document.kind) \(document.number) in \(probe.system.name)", document: document)
            guard try ledger.move(row, to: .done, change) else { return }
            try close(row, "done", "found by reading back: \(document.number)", ledger)
        case .different(let document, let difference):
            try holdForPeople(
                row, "\(document.kind) \(document.number) carries our reference but differs: \(difference).", .different, ledger)
            try close(row, "unknown", difference, ledger)
        case .absent:
            try absent(probe, ledger)
        }
    }

    private func absent(_ probe: Probe, _ ledger: Ledger) throws {
        let row = probe.row
        let repeatability = probe.system.connector.capabilities[probe.action.kind]?.repeatability ?? .none
        guard repeatability != .none else {
            try holdForPeople(
                row, "Nothing is found under \(row.reference), and this system gives no certainty.", .unsettled, ledger)
            return
        }
        try close(row, "notDone", "read back: nothing is there under \(row.reference)", ledger)
        guard row.failures < services.settings.attempts else {
            let reason = "It was not there after \(row.attempts) attempts."
            try ledger.move(row, to: .deadLetter, Change(reason: reason, fault: row.fault, failures: row.failures))
            try ledger.exceptions.open("deadLetter", subject: row.id.rawValue, team: "operations", summary: reason)
            return
        }
        let pause = services.pause(afterFailures: row.failures, atLeast: nil)
        try ledger.move(
            row, to: .approved,
            Change(reason: "Read back: it is not there, so it is sent again.", nextAt: ledger.now + pause, failures: row.failures)
        )
    }

    private func close(_ row: ReplenishmentRow, _ outcome: String, _ detail: String, _ ledger: Ledger) throws {
        try ledger.connection.run(
            """
            UPDATE attempt SET ended_at = COALESCE(ended_at, \(ledger.now)), outcome = \(outcome), detail = \(detail)
            WHERE recommendation = \(row.id) AND number = \(row.attempts)
            """)
    }

    private func holdForPeople(_ row: ReplenishmentRow, _ reason: String, _ code: Fault.Code, _ ledger: Ledger) throws {
        guard try ledger.move(row, to: .held, Change(reason: reason, fault: code.name, failures: row.failures)) else { return }
        try ledger.exceptions.open("unknownOutcome", of: row, team: "operations", summary: reason, due: .hours(4))
    }

    /// The system cannot be asked now; the outcome stays unknown, and somebody is told once it lasts.
    private func later(_ row: ReplenishmentRow, _ fault: Fault) async throws {
        try await services.write(promising: false) { ledger in
            var after: Duration?
            if case .retry(let asked) = fault.disposition { after = asked }
            let pause = services.pause(afterFailures: 6, atLeast: after)
            try ledger.connection.run(
                """
                UPDATE replenishment SET next_at = \(ledger.now + pause), fault = \(fault.code.name)
                WHERE id = \(row.id) AND state = 'unknown' AND epoch = \(row.epoch ?? -1)
                """)
            guard ledger.now - row.updatedAt > .seconds(900) else { return }
            try ledger.exceptions.open(
                "unknownOutcome", of: row, team: "operations", summary: "Its outcome cannot be read back: \(fault.message)",
                due: .hours(4))
        }
    }
}
