import Storage
import Vocabulary

/// The answers that requests with an idempotency key were given.
struct IdempotencyKeys: Sendable {
    let database: any Database
    let clock: WallClock
    let kept: Duration
    /// How long a claim holds unless it is renewed: a request whose process died is waited for no longer.
    static let lease = Duration.seconds(15)
    static let heartbeat = Duration.seconds(5)

    init(_ database: any Database, clock: WallClock, kept: Duration) {
        self.database = database
        self.clock = clock
        self.kept = kept
    }

    struct Answer: Sendable {
        let status: Int
        let mediaType: String
        let body: String
    }

    /// Claims a key for one request.
    ///
    /// - Returns: the answer that the same request was given before; nil when the caller is to carry it out.
    /// - Throws: `gateway.idempotencyKeyReused`, `gateway.inProgress`.
    func begin(_ principal: String, _ key: String, _ digest: Digest) async throws -> Answer? {
        let (now, kept) = (clock.now(), kept)
        return try await database.write { connection in
            try connection.run(
                """
                DELETE FROM idempotency_key WHERE expires_at <= \(now) OR (status IS NULL AND COALESCE(lease_until, 0) <= \(.now))
                """)
            let claimed = try connection.run(
                """
                INSERT INTO idempotency_key (principal, key, digest, started_at, expires_at, lease_until)
                VALUES (\(principal), \(key), \(digest), \(now), \(now + kept), \(.now) + \(Self.lease.microseconds))
                ON CONFLICT DO NOTHING
                """)
            if claimed == 1 { return nil }
            let found = try connection.first(
                "SELECT digest, status, media_type, body FROM idempotency_key WHERE principal = \(principal) AND key = \(key)"
            ) { row in (try row[0] as Digest, try row[1] as Int?, try row[2] as String?, try row[3] as String?) }
            guard let (first, status, mediaType, body) = found else {
                throw Fault(.inProgress, .retry(after: .seconds(1)), "A request with this Idempotency-Key has just ended.")
            }
            guard first == digest else {
                throw Fault(
                    .idempotencyKeyReused, .reject, "This Idempotency-Key was used with another request.",
                    violations: [Violation("Idempotency-Key", found: key, expected: "a key of its own for every request")])
            }
            guard let status, let mediaType, let body else {
                throw Fault(
                    .inProgress, .retry(after: .seconds(1)), "A request with this Idempotency-Key is still being carried out.")
            }
            return Answer(status: status, mediaType: mediaType, body: body)
        }
    }

    /// Keeps a claim while its request is being carried out; until the task is cancelled.
    func keep(_ principal: String, _ key: String) async {
        while !Task.isCancelled {
            do { try await clock.pause(Self.heartbeat) } catch { return }
            // One that is missed is made good by the next.
            _ = try? await database.write { connection in
                try connection.run(
                    """
                    UPDATE idempotency_key SET lease_until = \(.now) + \(Self.lease.microseconds)
                    WHERE principal = \(principal) AND key = \(key) AND status IS NULL
                    """)
            }
        }
    }

    func finish(_ principal: String, _ key: String, _ answer: Answer) async throws {
        try await database.write { connection in
            try connection.run(
                """
                UPDATE idempotency_key SET status = \(answer.status), media_type = \(answer.mediaType), body = \(answer.body)
                WHERE principal = \(principal) AND key = \(key)
                """)
        }
    }

    func forget(_ principal: String, _ key: String) async throws {
        try await database.write { connection in
            try connection.run(
                "DELETE FROM idempotency_key WHERE principal = \(principal) AND key = \(key) AND status IS NULL")
        }
    }
}
