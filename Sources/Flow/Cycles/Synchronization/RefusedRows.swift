import CanonicalModel
import ConnectorKit
import Storage
import Vocabulary

/// The rows of outside systems that were not taken, kept until they are read again and good, or gone.
package enum RefusedRows {
    static func note(
        _ refusals: [Refusal], of system: ID<ExternalSystem>, in feed: Feed, on connection: any Connection, at now: Instant
    ) throws {
        try connection.run(forEach: refusals) { refusal in
            let violations = try JSON.text(of: refusal.violations)
            return """
                INSERT INTO refusal (system, feed, source_row, violations, times, first_seen_at, last_seen_at)
                VALUES (\(system), \(feed), \(refusal.row), \(violations), 1, \(now), \(now))
                ON CONFLICT (system, feed, source_row) DO UPDATE SET violations = excluded.violations, times = refusal.times + 1,
                    first_seen_at = CASE WHEN refusal.closed_at IS NULL THEN refusal.first_seen_at
                        ELSE excluded.first_seen_at END,
                    last_seen_at = excluded.last_seen_at, closed_at = NULL
                """
        }
    }

    /// Closes the matters of rows that were read again and taken.
    static func close(
        _ rows: [String], of system: ID<ExternalSystem>, in feed: Feed, on connection: any Connection, at now: Instant
    ) throws {
        // Nearly always there is nothing to close, and one question tells.
        guard !rows.isEmpty, try isAnyOpen(of: system, in: feed, on: connection) else { return }
        try connection.run(forEach: rows) { row in
            """
            UPDATE refusal SET closed_at = \(now)
            WHERE system = \(system) AND feed = \(feed) AND source_row = \(row) AND closed_at IS NULL
            """
        }
    }

    /// Closes the matters of rows that a complete snapshot no longer had.
    static func closeUnseen(
        since round: Instant, of system: ID<ExternalSystem>, in feed: Feed, on connection: any Connection, at now: Instant
    ) throws {
        try connection.run(
            """
            UPDATE refusal SET closed_at = \(now)
            WHERE system = \(system) AND feed = \(feed) AND last_seen_at < \(round) AND closed_at IS NULL
            """)
    }

    /// The source's own names of the rows that were refused since `round`.
    static func names(
        since round: Instant, of system: ID<ExternalSystem>, in feed: Feed, on connection: any Connection
    ) throws -> Set<String> {
        Set(
            try connection.values(
                """
                SELECT source_row FROM refusal
                WHERE system = \(system) AND feed = \(feed) AND last_seen_at >= \(round) AND closed_at IS NULL
                """, as: String.self))
    }

    private static func isAnyOpen(of system: ID<ExternalSystem>, in feed: Feed, on connection: any Connection) throws -> Bool {
        try connection.value(
            "SELECT times FROM refusal WHERE system = \(system) AND feed = \(feed) AND closed_at IS NULL LIMIT 1", as: Int.self)
            != nil
    }

    /// What is still open, the latest first.
    package static func open(
        of system: ID<ExternalSystem>? = nil, limit: Int = 1000, on connection: any Connection
    ) throws -> [RefusedRow] {
        let condition: SQL = if let system { "system = \(system) AND " } else { "" }
        return try connection.rows(
            """
            SELECT system, feed, source_row, violations, times, first_seen_at, last_seen_at FROM refusal
            WHERE \(condition)closed_at IS NULL ORDER BY last_seen_at DESC, system, feed, source_row LIMIT \(limit)
            """
        ) { row in
            RefusedRow(
                system: try row[0], feed: try row[1], row: try row[2], violations: try JSON.decode(from: try row[3] as String),
                times: try row[4], firstSeenAt: try row[5], lastSeenAt: try row[6])
        }
    }
}

/// A row that is in an outside system and not here, and why.
package struct RefusedRow: Codable, Hashable, Sendable {
    package let system: ID<ExternalSystem>
    package let feed: Feed
    /// The source's own name for it.
    package let row: String
    package let violations: [Violation]
    /// How often it was read and refused.
    package let times: Int
    package let firstSeenAt: Instant
    package let lastSeenAt: Instant
}
