import CanonicalModel
import ConnectorKit
import Logging
import Storage
import Synchronization
import Vocabulary

/// Watches how one system answers, and keeps this replica away from it while it fails, and all of them while it asks for it.
struct TargetGuard: Sendable {
    let services: FlowServices
    let system: ConnectedSystems.Connected
    let lease: ReplicaLease
    let logger: Logger

    /// Takes account of how a call ended.
    func heed(_ outcome: Outcome) async {
        switch outcome.sign {
        case .answers: services.failures.clear(system.name)
        case .isBusy(let wait?, let reason): await noted { ledger in try rest(wait, reason, ledger) }
        case .isBusy(nil, _): break
        case .fails(let reason): await heedFailure(reason)
        }
    }

    /// A question that was not answered counts like an action; one that was says nothing of actions.
    func heed(_ fault: Fault) async {
        if case .fails(let reason) = Outcome.notDone(fault).sign { await heedFailure(reason) }
    }

    private func heedFailure(_ reason: String) async {
        guard services.failures.count(system.name) >= services.settings.failuresToRest else { return }
        services.failures.clear(system.name)
        let (epoch, pause) = (lease.epoch, services.rest(afterTrials: 0))
        await noted { ledger in
            let isNews = try TargetStanding.fail(
                system.name, for: epoch, resting: pause, because: reason, on: ledger.connection, at: ledger.now)
            if isNews { try tell(reason, ledger) }
        }
    }

    /// How one trial ended.
    func conclude(_ sign: Outcome.Sign, afterTrials trials: Int, by epoch: Int64) async {
        await noted { ledger in
            if case .fails(let reason) = sign {
                try TargetStanding.failTrial(
                    of: system.name, by: epoch, resting: services.rest(afterTrials: trials), because: reason,
                    on: ledger.connection, at: ledger.now)
                return try tell(reason, ledger)
            }
            try TargetStanding.recover(system.name, for: epoch, on: ledger.connection)
            if case .isBusy(let wait?, let reason) = sign { try rest(wait, reason, ledger) }
            try Self.withdraw(system.name, ledger)
        }
        services.failures.clear(system.name)
    }

    private static let exception = "systemFailing"

    private func rest(_ wait: Duration, _ reason: String, _ ledger: Ledger) throws {
        try TargetStanding.rest(system.name, for: wait, because: reason, on: ledger.connection, at: ledger.now)
    }

    private func tell(_ reason: String, _ ledger: Ledger) throws {
        let waiting = try WaitingForTarget(system.name, ledger)
        try ledger.exceptions.open(
            Self.exception, subject: system.name.rawValue, team: "operations", item: waiting.item, location: waiting.location,
            summary: "\(system.name) does not answer \(lease.name), which sends nothing to it: \(reason)",
            impact: waiting.impact, due: .hours(1))
    }

    /// What people were told is over once the system answers every replica that is alive.
    static func withdraw(_ system: ID<ExternalSystem>, _ ledger: Ledger) throws {
        guard try !TargetStanding.isFailing(system, on: ledger.connection) else { return }
        try ledger.exceptions.close(subject: system.rawValue, kind: exception, by: "plimsoll", "It answers again.")
    }

    /// What cannot be noted now is noted with the next failure: sending goes on all the same.
    private func noted(_ work: @escaping @Sendable (Ledger) throws -> Void) async {
        do {
            try await services.write(promising: false, work)
        } catch {
            logger.error("how a system is doing could not be noted", metadata: ["system": "\(system.name)", "error": "\(error)"])
        }
    }
}

extension Outcome {
    /// What an outcome says of the system as a whole.
    enum Sign: Sendable {
        case answers
        /// It has asked to be left alone, for so long if it said.
        case isBusy(Duration?, String)
        case fails(String)
    }

    var sign: Sign {
        switch self {
        case .done: .answers
        case .unknown(let reason): .fails(reason)
        case .notDone(let fault):
            switch fault.code {
            case .rateLimited: .isBusy(fault.wait, fault.message)
            // Without valid credentials every action would be held one by one.
            case .unreachable, .unauthorized: .fails(fault.message)
            default: .answers
            }
        }
    }
}

extension Fault {
    fileprivate var wait: Duration? {
        if case .retry(let after) = disposition { after } else { nil }
    }
}

extension FlowServices {
    /// How long a failing system is left alone: doubled with each trial, and somewhere in its upper half, so that replicas and
    /// systems do not all try at once.
    func rest(afterTrials trials: Int) -> Duration {
        let doubled = settings.firstRest.inSeconds * Double(UInt64(1) << UInt64(min(max(trials, 0), 20)))
        let bound = min(doubled, settings.longestRest.inSeconds)
        return .microseconds(Int64(bound * (0.5 + 0.5 * randomness.fraction()) * 1_000_000))
    }
}

/// How often each system has failed since it last answered, in this process.
final class FailureCounts: Sendable {
    private let counts = Mutex<[ID<ExternalSystem>: Int]>([:])

    /// - Returns: the count with this one.
    func count(_ system: ID<ExternalSystem>) -> Int {
        counts.withLock { counts in
            counts[system, default: 0] += 1
            return counts[system] ?? 1
        }
    }

    func clear(_ system: ID<ExternalSystem>) {
        counts.withLock { $0[system] = nil }
    }
}
