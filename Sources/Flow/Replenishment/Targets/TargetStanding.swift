import CanonicalModel
import Storage
import Vocabulary

/// How one outside system is doing: a circuit breaker whose switches are rows.
///
/// A replica for which a system fails does not call it. Once its rest is over the replica tries it, with a question and then
/// with one action, and by that it answers again or rests for longer. Each replica has a switch of its own, since the fault may
/// be on its way; what a system asks for, to be left alone for a while, counts for all of them and is not forgotten by a restart.
package struct TargetStanding: Sendable, Hashable {
    package enum State: String, Codable, Sendable, CaseIterable, SQLRepresentable {
        case answering, failing
        /// A replica is trying whether it answers again.
        case onTrial
    }

    package let system: ID<ExternalSystem>
    package let state: State
    /// It is not called before; only its own trial does.
    package let restsUntil: Instant
    /// When it came into this state.
    package let since: Instant
    /// Trials since it began to fail.
    package let trials: Int
    /// Why it is failing or rests, in its own words where it had any.
    package let reason: String?
    /// Whether `restsUntil` was still to come when this was read.
    package let isResting: Bool

    /// Under this epoch stands what a system has asked of all replicas.
    private static let everybody: Int64 = 0

    private static let columns: SQL = "system, state, rests_until, since, trials, reason"

    private init(_ row: Row, at now: Instant) throws {
        system = try row[0]
        state = try row[1]
        restsUntil = try row[2]
        since = try row[3]
        trials = try row[4]
        reason = try row[5]
        isResting = restsUntil > now
    }

    /// Of the systems that are in trouble with any replica that is alive, or have asked for something, each by its name.
    package static func all(at now: Instant, on connection: any Connection) throws -> [ID<ExternalSystem>: TargetStanding] {
        let found = try connection.rows(
            """
            SELECT \(columns) FROM target_standing WHERE epoch = \(everybody) OR \(isAlive)
            ORDER BY system, CASE state WHEN 'failing' THEN 0 WHEN 'onTrial' THEN 1 ELSE 2 END, epoch
            """
        ) { row in try TargetStanding(row, at: now) }
        return Dictionary(found.map { ($0.system, $0) }) { worst, _ in worst }
    }

    /// As the replica of `epoch` sees it; nil while it answers that one.
    static func of(
        _ system: ID<ExternalSystem>, seenBy epoch: Int64, at now: Instant, on connection: any Connection
    ) throws -> TargetStanding? {
        try connection.first("SELECT \(columns) FROM target_standing WHERE system = \(system) AND epoch = \(epoch)") { row in
            try TargetStanding(row, at: now)
        }
    }

    /// A condition: the replica of `epoch` may call the system now.
    static func mayBeCalled(_ system: ID<ExternalSystem>, by epoch: Int64, at now: Instant) -> SQL {
        """
        NOT \(wantsRest(system, at: now))
            AND NOT EXISTS (SELECT 1 FROM target_standing t WHERE t.system = \(system) AND t.epoch = \(epoch))
        """
    }

    /// A condition: the system has asked to be left alone by everybody, whatever for.
    static func wantsRest(_ system: ID<ExternalSystem>, at now: Instant) -> SQL {
        """
        EXISTS (SELECT 1 FROM target_standing t WHERE t.system = \(system) AND t.epoch = \(everybody) AND t.rests_until > \(now))
        """
    }

    private static let isAlive: SQL = "epoch IN (SELECT epoch FROM replica WHERE expires_at > \(.now))"

    /// Whether the system fails for any replica that is alive.
    static func isFailing(_ system: ID<ExternalSystem>, on connection: any Connection) throws -> Bool {
        try connection.value(
            "SELECT 1 FROM target_standing WHERE system = \(system) AND epoch <> \(everybody) AND \(isAlive) LIMIT 1",
            as: Int.self) != nil
    }

    /// Forgets what replicas saw that are not alive any more.
    static func forgetTheDead(on connection: any Connection) throws {
        try connection.run("DELETE FROM target_standing WHERE epoch <> \(everybody) AND NOT (\(isAlive))")
    }
}

extension TargetStanding {
    /// The system has asked to be left alone for so long.
    static func rest(
        _ system: ID<ExternalSystem>, for wait: Duration, because reason: String, on connection: any Connection,
        at now: Instant
    ) throws {
        try connection.run(
            """
            INSERT INTO target_standing (system, epoch, state, rests_until, since, reason)
            VALUES (\(system), \(everybody), 'answering', \(now + wait), \(now), \(reason))
            ON CONFLICT (system, epoch) DO UPDATE SET rests_until = excluded.rests_until, since = excluded.since,
                reason = excluded.reason
            WHERE target_standing.rests_until < excluded.rests_until
            """)
    }

    /// - Returns: whether this is news: it answered this replica until now.
    static func fail(
        _ system: ID<ExternalSystem>, for epoch: Int64, resting pause: Duration, because reason: String,
        on connection: any Connection, at now: Instant
    ) throws -> Bool {
        try connection.run(
            """
            INSERT INTO target_standing (system, epoch, state, rests_until, since, reason)
            VALUES (\(system), \(epoch), 'failing', \(now + pause), \(now), \(reason))
            ON CONFLICT (system, epoch) DO NOTHING
            """) == 1
    }

    /// - Returns: false when the replica's last trial is not over, or it is too early for the next.
    static func beginTrial(
        of system: ID<ExternalSystem>, by epoch: Int64, lasting most: Duration, on connection: any Connection, at now: Instant
    ) throws -> Bool {
        try connection.run(
            """
            UPDATE target_standing SET state = 'onTrial', trials = trials + 1, rests_until = \(now + most)
            WHERE system = \(system) AND epoch = \(epoch) AND rests_until <= \(now) AND NOT \(wantsRest(system, at: now))
            """) == 1
    }

    static func failTrial(
        of system: ID<ExternalSystem>, by epoch: Int64, resting pause: Duration, because reason: String,
        on connection: any Connection, at now: Instant
    ) throws {
        try connection.run(
            """
            UPDATE target_standing SET state = 'failing', rests_until = \(now + pause), reason = \(reason)
            WHERE system = \(system) AND epoch = \(epoch)
            """)
    }

    static func recover(_ system: ID<ExternalSystem>, for epoch: Int64, on connection: any Connection) throws {
        try connection.run("DELETE FROM target_standing WHERE system = \(system) AND epoch = \(epoch)")
    }
}
