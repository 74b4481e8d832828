import CanonicalModel
import ConnectorKit
import Storage
import Vocabulary

/// When a feed of a system was last read, and how that ended.
package struct FeedStanding: Codable, Hashable, Sendable {
    package let system: ID<ExternalSystem>
    package let feed: Feed
    package let startedAt: Instant?
    /// When it was last read to its end.
    package let completedAt: Instant?
    /// Why the last reading did not get to the end.
    package let fault: FeedFault?

    /// Of every feed that was ever read.
    package static func all(on connection: any Connection) throws -> [FeedStanding] {
        try connection.rows(
            "SELECT system, feed, started_at, completed_at, fault_code, fault FROM sync_feed ORDER BY system, feed"
        ) { row in
            let (code, message): (String?, String?) = (try row[4], try row[5])
            return FeedStanding(
                system: try row[0], feed: try row[1], startedAt: try row[2], completedAt: try row[3],
                fault: code.map { FeedFault(code: $0, message: message ?? "") })
        }
    }
}
