import CanonicalModel
import Storage
import Vocabulary

/// Looks how long actions have been waiting for their systems, and tells people when that is too long.
package struct TargetReview: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    static let exception = "queueOld"

    /// - Returns: the systems whose queue has been found too old, or no longer too old.
    @discardableResult
    package func run() async throws -> Int {
        let now = services.clock.now()
        try await services.write(promising: false) { ledger in
            try TargetStanding.forgetTheDead(on: ledger.connection)
            for system in services.systems.all { try TargetGuard.withdraw(system.name, ledger) }
        }
        var changed = 0
        for system in services.systems.all {
            let (age, wasOld) = try await services.database.read { connection in
                (try TargetQueue.age(of: system.name, at: now, on: connection), try isTold(system.name, connection))
            }
            let isOld = age > services.settings.oldestInQueue
            guard isOld != wasOld else { continue }
            try await services.write(promising: false) { ledger in
                try isOld ? tell(system.name, age, ledger) : withdraw(system.name, ledger)
            }
            changed += 1
        }
        return changed
    }

    private func isTold(_ system: ID<ExternalSystem>, _ connection: any Connection) throws -> Bool {
        try connection.value(
            """
            SELECT 1 FROM planning_exception
            WHERE kind = \(Self.exception) AND subject = \(system.rawValue) AND closed_at IS NULL
            """, as: Int.self) != nil
    }

    private func tell(_ system: ID<ExternalSystem>, _ age: Duration, _ ledger: Ledger) throws {
        let waiting = try WaitingForTarget(system, ledger)
        let standing = try TargetStanding.all(at: ledger.now, on: ledger.connection)[system]?.reason.map { " (\($0))" } ?? ""
        try ledger.exceptions.open(
            Self.exception, subject: system.rawValue, team: "operations", item: waiting.item, location: waiting.location,
            summary: "Approved actions have been waiting for \(system) for \(Int(age.inSeconds / 60)) minutes\(standing).",
            impact: waiting.impact, due: .hours(4))
    }

    private func withdraw(_ system: ID<ExternalSystem>, _ ledger: Ledger) throws {
        try ledger.exceptions.close(
            subject: system.rawValue, kind: Self.exception, by: "plimsoll", "What waited has been sent.")
    }
}

/// What waits to be sent to each system.
package struct TargetQueue: Sendable, Hashable {
    /// Approved actions.
    package let approved: Int
    /// Actions that nobody knows the outcome of yet.
    package let unknown: Int

    package static func all(on connection: any Connection) throws -> [ID<ExternalSystem>: TargetQueue] {
        let counts = try connection.rows(
            """
            SELECT system, SUM(CASE WHEN state = 'approved' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'unknown' THEN 1 ELSE 0 END)
            FROM replenishment WHERE state IN ('approved', 'unknown') AND system IS NOT NULL GROUP BY system
            """
        ) { row in (try row[0] as ID<ExternalSystem>, TargetQueue(approved: try row[1], unknown: try row[2])) }
        return Dictionary(counts) { first, _ in first }
    }

    /// How long the action has been waiting that has waited longest: since it was approved or, if it was tried, since the first
    /// attempt.
    package static func age(of system: ID<ExternalSystem>, at now: Instant, on connection: any Connection) throws -> Duration {
        let oldest = try connection.value(
            "SELECT MIN(updated_at) FROM replenishment WHERE system = \(system) AND state = 'approved' AND attempts = 0",
            as: Instant?.self)
        let tried = try connection.value(
            """
            SELECT MIN(started_at) FROM replenishment r JOIN attempt a ON a.recommendation = r.id AND a.number = 1
            WHERE r.system = \(system) AND r.state = 'approved' AND r.attempts > 0
            """, as: Instant?.self)
        return [oldest ?? nil, tried ?? nil].compactMap { $0 }.map { max(.zero, now - $0) }.max() ?? .zero
    }
}
