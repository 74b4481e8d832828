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

    /// - Parameter row: as it was when the attempt was claimed; a row that has moved on since is only given the late answer as
    ///   evidence.
    func record(_ outcome: Outcome, of row: ReplenishmentRow, in system: ConnectedSystems.Connected) async throws {
        try await services.write { ledger in
            try ledger.connection.run(
                """
                UPDATE attempt SET ended_at = \(ledger.now), outcome = \(outcome.name), detail = \(outcome.detail)
                WHERE recommendation = \(row.id) AND number = \(row.attempts) AND (outcome IS NULL OR outcome = 'unknown')
                """)
            guard try settle(row, outcome, system, ledger) else {
                try ledger.record("attempt.late", row.id, by: "plimsoll", ["outcome": outcome.name, "detail": outcome.detail])
                return
            }
        }
    }

    private func settle(
        _ row: ReplenishmentRow, _ outcome: Outcome, _ system: ConnectedSystems.Connected, _ ledger: Ledger
    ) throws -> Bool {
        switch outcome {
        case .done(let document):
            try ledger.move(
                row, to: .done, Change(reason: "\(document.kind) \(document.number) in \(system.name)", document: document))
        case .unknown(let reason):
            try ledger.move(
                row, to: .unknown,
                Change(reason: reason, nextAt: ledger.now + settles(row, system), epoch: row.epoch, failures: row.failures + 1))
        case .notDone(let fault):
            try notDone(row, fault, ledger)
        }
    }

    /// The time after which a probe that finds nothing proves something.
    private func settles(_ row: ReplenishmentRow, _ system: ConnectedSystems.Connected) -> Duration {
        row.action.flatMap { system.connector.capabilities[$0.kind]?.settles } ?? .seconds(60)
    }

    private func notDone(_ row: ReplenishmentRow, _ fault: Fault, _ ledger: Ledger) throws -> Bool {
        switch fault.disposition {
        case .retry(let after):
            // Being told to wait is no failure, and uses up none of the attempts.
            let failures = row.failures + (after == nil ? 1 : 0)
            guard failures < services.settings.attempts else { return try giveUp(row, fault, failures, ledger) }
            let pause = services.pause(afterFailures: failures, atLeast: after)
            return try ledger.move(
                row, to: .approved,
                Change(reason: fault.message, fault: fault.code.name, nextAt: ledger.now + pause, failures: failures))
        case .reject:
            return try giveUp(row, fault, row.failures + 1, ledger)
        case .review(let team):
            let moved = try ledger.move(row, to: .held, Change(reason: fault.message, fault: fault.code.name))
            if moved { try open("held", row, team, fault.message, ledger) }
            return moved
        }
    }

    private func giveUp(_ row: ReplenishmentRow, _ fault: Fault, _ failures: Int, _ ledger: Ledger) throws -> Bool {
        let moved = try ledger.move(
            row, to: .deadLetter, Change(reason: fault.message, fault: fault.code.name, failures: failures))
        if moved { try open("deadLetter", row, "operations", fault.message, ledger) }
        return moved
    }

    private func open(_ kind: String, _ row: ReplenishmentRow, _ team: String, _ summary: String, _ ledger: Ledger) throws {
        try ledger.exceptions.open(
            kind, subject: row.id.rawValue, team: team, item: row.recommendation.item, location: row.recommendation.location,
            summary: summary)
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
