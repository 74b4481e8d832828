import CanonicalModel
import ConnectorKit
import Governance
import Storage
import Vocabulary

/// Records how attempts ended and what happens next.
struct Completion {
    let services: FlowServices

    init(_ services: FlowServices) {
        self.services = services
    }

    /// How one attempt ended.
    struct Ended: Sendable {
        let outcome: Outcome
        let row: ReplenishmentRow
        let system: ConnectedSystems.Connected
    }

    /// Records an outcome as soon as it is there; those that come while a commit is running share the next one.
    ///
    /// - Parameter row: as it was when the attempt was claimed; a row that has moved on since is only given the late answer as
    ///   evidence.
    func record(_ outcome: Outcome, of row: ReplenishmentRow, in system: ConnectedSystems.Connected) async throws {
        let ended = Ended(outcome: outcome, row: row, system: system)
        _ = try await services.queues.completions.submit(ended) { batch in
            try await services.write(promising: false) { ledger in try record(batch, ledger) }
        }
        if case .done = outcome { return }
        services.bells.dispatch.ring()
    }

    private func record(_ batch: [Ended], _ ledger: Ledger) throws -> [Bool] {
        try end(batch, ledger)
        let nexts = batch.map { next(after: $0, at: ledger.now) }
        let moved = try ledger.move(nexts.map(\.move))
        for ((ended, next), moved) in zip(zip(batch, nexts), moved) {
            if moved {
                if let matter = next.matter { try open(matter, ended.row, ledger) }
            } else {
                let late = ["outcome": ended.outcome.name, "detail": ended.outcome.detail]
                try ledger.record("attempt.late", ended.row.id, by: "plimsoll", late)
            }
        }
        return moved
    }

    /// An attempt that nobody knows the end of may still learn it.
    private func end(_ batch: [Ended], _ ledger: Ledger) throws {
        let changes = batch.sorted { $0.row.id < $1.row.id }.map { ended in
            RowChanges.Change(
                key: [ended.row.id.sqlValue, ended.row.attempts.sqlValue],
                values: [ledger.now.sqlValue, ended.outcome.name.sqlValue, ended.outcome.detail.sqlValue])
        }
        _ = try ledger.connection.change(
            RowChanges(
                of: "attempt", key: ["recommendation", "number"], set: ["ended_at", "outcome", "detail"],
                where: "(outcome IS NULL OR outcome = 'unknown')", changes))
    }

    /// A matter for a person that comes of an outcome.
    private struct Matter {
        let kind: String
        let team: String
        let summary: String
    }

    private func next(after ended: Ended, at now: Instant) -> (move: Move, matter: Matter?) {
        let (row, system) = (ended.row, ended.system)
        switch ended.outcome {
        case .done(let document):
            let reason = "\(document.kind) \(document.number) in \(system.name)"
            return (Move(row, to: .done, Change(reason: reason, document: document)), nil)
        case .unknown(let reason):
            let change = Change(
                reason: reason, nextAt: now + settles(row, system), epoch: row.epoch, failures: row.failures + 1)
            return (Move(row, to: .unknown, change), nil)
        case .notDone(let fault):
            return notDone(row, fault, now)
        }
    }

    /// The time after which a probe that finds nothing proves something.
    private func settles(_ row: ReplenishmentRow, _ system: ConnectedSystems.Connected) -> Duration {
        row.action.flatMap { system.connector.capabilities[$0.kind]?.settles } ?? .seconds(60)
    }

    private func notDone(_ row: ReplenishmentRow, _ fault: Fault, _ now: Instant) -> (move: Move, matter: Matter?) {
        switch fault.disposition {
        case .retry(let after):
            // Being told to wait is no failure, and uses up none of the attempts.
            let failures = row.failures + (after == nil && fault.code != .rateLimited ? 1 : 0)
            guard failures < services.settings.attempts else { return giveUp(row, fault, failures) }
            let pause = services.pause(afterFailures: failures, atLeast: after)
            let change = Change(reason: fault.message, fault: fault.code.name, nextAt: now + pause, failures: failures)
            return (Move(row, to: .approved, change), nil)
        case .reject:
            return giveUp(row, fault, row.failures + 1)
        case .review(let team):
            return (
                Move(row, to: .held, Change(reason: fault.message, fault: fault.code.name)),
                Matter(kind: "held", team: team, summary: fault.message)
            )
        }
    }

    private func giveUp(_ row: ReplenishmentRow, _ fault: Fault, _ failures: Int) -> (move: Move, matter: Matter?) {
        let change = Change(reason: fault.message, fault: fault.code.name, failures: failures)
        return (Move(row, to: .deadLetter, change), Matter(kind: "deadLetter", team: "operations", summary: fault.message))
    }

    private func open(_ matter: Matter, _ row: ReplenishmentRow, _ ledger: Ledger) throws {
        try ledger.exceptions.open(matter.kind, of: row, team: matter.team, summary: matter.summary)
    }
}

extension FlowServices {
    /// Full jitter: anywhere between nothing and the doubled pause, so that many failures do not come back at once.
    func pause(afterFailures failures: Int, atLeast least: Duration?) -> Duration {
        let doubled = settings.firstPause.inSeconds * Double(UInt64(1) << UInt64(min(max(failures - 1, 0), 20)))
        let jittered = Duration.microseconds(
            Int64(min(doubled, settings.longestPause.inSeconds) * randomness.fraction() * 1_000_000))
        guard let least else { return jittered }
        let margin = Duration.microseconds(Int64(settings.firstPause.inSeconds * randomness.fraction() * 1_000_000))
        return least + margin
    }
}

extension Outcome {
    var name: String {
        switch self {
        case .done: "done"
        case .notDone: "notDone"
        case .unknown: "unknown"
        }
    }

    var detail: String {
        switch self {
        case .done(let document): "\(document.kind) \(document.number) (\(document.externalID))"
        case .notDone(let fault): fault.description
        case .unknown(let reason): reason
        }
    }
}
