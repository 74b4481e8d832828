import CanonicalModel
import ConnectorKit
import Storage
import Vocabulary

extension Feed: SQLRepresentable {}

extension Fault.Code {
    /// Somebody else reads this feed at the moment.
    package static let feedBusy = Self("sync.feedBusy")
    /// Somebody else took the feed over, so what was read last was not stored.
    package static let leaseLost = Self("sync.leaseLost")
    /// A connector says that there is more and does not get any further.
    package static let noProgress = Self("sync.noProgress")
}

/// The right to read one feed of one system, which one reader has at a time.
///
/// It ends by itself when its holder is silent for `duration`, by the database's clock. Every page is stored under it:
/// who lost it stores nothing any more.
struct FeedLease: Sendable {
    let system: ID<ExternalSystem>
    let feed: Feed
    let holder: String
    let duration: Duration

    /// Takes the lease.
    ///
    /// - Returns: where the last reader stopped.
    /// - Throws: `sync.feedBusy` while somebody else has it.
    func acquire(on connection: any Connection, at now: Instant) throws -> FeedState {
        try connection.run(
            """
            INSERT INTO sync_feed (system, feed, round_rows, lease_until) VALUES (\(system), \(feed), 0, 0)
            ON CONFLICT (system, feed) DO NOTHING
            """)
        let state = try connection.first(
            """
            UPDATE sync_feed SET lease_holder = \(holder), lease_until = \(.now) + \(duration.microseconds), started_at = \(now)
            WHERE system = \(system) AND feed = \(feed)
                AND (lease_holder IS NULL OR lease_holder = \(holder) OR lease_until < \(.now))
            RETURNING cursor_time, cursor_id, round_at, round_rows
            """
        ) { row in
            let (time, id): (Instant?, String?) = (try row[0], try row[1])
            return FeedState(
                cursor: time.flatMap { time in id.map { Cursor(time: time, id: $0) } }, round: try row[2], roundRows: try row[3])
        }
        guard let state else {
            throw Fault(.feedBusy, .retry(after: duration), "\(system)'s \(feed.rawValue) are being read by somebody else.")
        }
        return state
    }

    /// Stores how far the reader has got, and keeps the lease.
    ///
    /// - Throws: `sync.leaseLost`, which undoes the caller's transaction.
    func advance(to state: FeedState, on connection: any Connection) throws {
        let count = try connection.run(
            """
            UPDATE sync_feed SET cursor_time = \(state.cursor?.time), cursor_id = \(state.cursor?.id), round_at = \(state.round),
                round_rows = \(state.roundRows), lease_until = \(.now) + \(duration.microseconds)
            WHERE system = \(system) AND feed = \(feed) AND lease_holder = \(holder)
            """)
        guard count == 1 else {
            throw Fault(.leaseLost, .retry(), "\(system)'s \(feed.rawValue) were taken over by another reader.")
        }
    }

    /// Gives the lease back, noting how the reading ended.
    func release(after fault: Fault?, on connection: any Connection, at now: Instant) throws {
        let completed: Instant? = fault == nil ? now : nil
        try connection.run(
            """
            UPDATE sync_feed SET lease_holder = NULL, lease_until = 0, completed_at = COALESCE(\(completed), completed_at),
                fault_code = \(fault?.code.name), fault = \(fault?.message)
            WHERE system = \(system) AND feed = \(feed) AND lease_holder = \(holder)
            """)
    }
}

/// Where the reading of one feed stands.
struct FeedState: Hashable, Sendable {
    var cursor: Cursor?
    /// When the snapshot began that is being read; nil between snapshots and for feeds that tell changes.
    var round: Instant?
    /// How many rows that snapshot has had so far, taken or not.
    var roundRows: Int
}
