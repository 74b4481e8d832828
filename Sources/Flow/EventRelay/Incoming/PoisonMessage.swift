import Storage
import Vocabulary

/// A message that can never be stored, kept with the reason; it is not handed out by the broker again.
package struct PoisonMessage: Hashable, Sendable {
    package let subject: String
    package let body: String
    package let code: String
    package let reason: String
    /// How often the same bytes came.
    package let times: Int
    package let lastSeenAt: Instant

    static func keep(_ message: IncomingMessage, because fault: Fault, on connection: any Connection, at now: Instant) throws {
        let digest = Digest(of: Array(message.subject.utf8) + [0] + message.body).rawValue
        // Bytes that are not UTF-8, and the NUL that PostgreSQL has no text for, are shown as the replacement character.
        let body = String(decoding: message.body.map { $0 == 0 ? 0xff : $0 }, as: UTF8.self)
        try connection.run(
            """
            INSERT INTO relay_poison (digest, subject, body, code, reason, times, first_seen_at, last_seen_at)
            VALUES (\(digest), \(message.subject), \(body), \(fault.code.name), \(fault.message), 1, \(now), \(now))
            ON CONFLICT (digest) DO UPDATE SET times = relay_poison.times + 1, last_seen_at = excluded.last_seen_at
            """)
    }

    /// The latest first.
    package static func all(limit: Int = 100, on connection: any Connection) throws -> [PoisonMessage] {
        try connection.rows(
            "SELECT subject, body, code, reason, times, last_seen_at FROM relay_poison ORDER BY last_seen_at DESC LIMIT \(limit)"
        ) { row in
            PoisonMessage(
                subject: try row[0], body: try row[1], code: try row[2], reason: try row[3], times: try row[4],
                lastSeenAt: try row[5])
        }
    }
}
