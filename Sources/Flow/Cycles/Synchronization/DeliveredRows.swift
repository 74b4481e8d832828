import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Storage
import Vocabulary

/// Rows that somebody brings, by file or over HTTP, instead of being asked for them; stored like a page that was read.
package struct DeliveredRows: Sendable {
    let system: ID<ExternalSystem>
    let feed: Feed
    let database: any Database
    let log: EventLog
    let clock: WallClock

    package init(of feed: Feed, from system: ID<ExternalSystem>, into database: any Database, log: EventLog, clock: WallClock) {
        self.system = system
        self.feed = feed
        self.database = database
        self.log = log
        self.clock = clock
    }

    /// What became of them.
    package struct Result: Sendable {
        package var created = 0
        package var updated = 0
        package var unchanged = 0
        /// Older than what is here.
        package var stale = 0
        /// By the row's own id.
        package var refusals: [Refusal] = []
    }

    /// Stores rows in one transaction; one that is refused leaves its neighbours alone.
    package func store(_ observations: [Observation]) async throws -> Result {
        guard !observations.isEmpty else { return Result() }
        let now = clock.now()
        return try await database.write { connection in try store(observations, on: connection, at: now) }
    }

    /// The same in the caller's transaction.
    @discardableResult
    package func store(_ observations: [Observation], on connection: any Connection, at now: Instant) throws -> Result {
        var storage = PageStorage(system: system, feed: feed, round: nil, connection: connection, now: now)
        try storage.store(Page(observations, next: nil, hasMore: false))
        try log.append(storage.events, on: connection, at: now)
        let summary = storage.summary
        return Result(
            created: summary.created, updated: summary.updated, unchanged: summary.unchanged, stale: summary.stale,
            refusals: storage.refusals)
    }

    /// The same for demand, which comes in millions of rows.
    package func store(demand: DemandRows) async throws -> Result {
        guard demand.count > 0 else { return Result() }
        let now = clock.now()
        return try await database.write { connection in
            let stored = try DemandLoader(system: system).store(demand, on: connection)
            if let event = try NewEvent.demandReceived(demand, stored.counts, in: system) {
                try log.append([event], on: connection, at: now)
            }
            return Result(
                created: stored.counts.created, updated: stored.counts.updated,
                unchanged: stored.counts.unchanged + stored.counts.repeated, stale: stored.counts.stale,
                refusals: stored.refusals.map { Refusal(row: demand[$0.index].id.rawValue, violations: $0.violations) })
        }
    }
}
