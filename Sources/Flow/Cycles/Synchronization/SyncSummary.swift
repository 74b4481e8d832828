import CanonicalModel
import ConnectorKit
import Vocabulary

/// What one synchronisation of one system brought.
package struct SyncSummary: Codable, Hashable, Sendable {
    package let system: ID<ExternalSystem>
    package let startedAt: Instant
    package internal(set) var completedAt: Instant
    package internal(set) var feeds: [FeedSummary]

    /// Whether every feed was read to its end.
    package var isComplete: Bool { feeds.allSatisfy { $0.fault == nil } }
}

/// What one feed brought.
package struct FeedSummary: Codable, Hashable, Sendable {
    package let feed: Feed
    package internal(set) var pages = 0
    /// Rows that were read, taken or not.
    package internal(set) var rows = 0
    package internal(set) var created = 0
    package internal(set) var updated = 0
    package internal(set) var unchanged = 0
    package internal(set) var stale = 0
    package internal(set) var refused = 0
    /// Rows that a complete snapshot no longer had.
    package internal(set) var closed = 0
    /// Why a complete snapshot closed nothing although rows were missing from it.
    package internal(set) var remark: String?
    /// Why the feed was not read to its end.
    package internal(set) var fault: FeedFault?

    init(_ feed: Feed) {
        self.feed = feed
    }

    mutating func add(_ page: FeedSummary) {
        pages += page.pages
        rows += page.rows
        created += page.created
        updated += page.updated
        unchanged += page.unchanged
        stale += page.stale
        refused += page.refused
    }
}

package struct FeedFault: Codable, Hashable, Sendable {
    package let code: String
    package let message: String

    init(_ fault: Fault) {
        self.init(code: fault.code.name, message: fault.message)
    }

    init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// How far the reading of a feed has got.
package struct SyncProgress: Hashable, Sendable {
    package let feed: Feed
    package let rows: Int
    package let refused: Int
}
