import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Storage
import Vocabulary

/// Brings what one outside system knows into the canonical store, feed by feed and page by page.
///
/// A page, the place where the next one begins, its names, refusals and events are one transaction: however the process
/// ends, the next run goes on at exactly that place.
package struct Synchronizer: Sendable {
    package let system: ID<ExternalSystem>
    let connector: any Connector
    let database: any Database
    let log: EventLog
    let clock: WallClock
    let randomness: Randomness
    let lease: Duration
    let afterFeed: @Sendable (Feed, any Connection) throws -> Void

    /// - Parameters:
    ///   - lease: how long a reader may be silent before another takes its feed over; longer than any page takes.
    ///   - afterFeed: what else is to happen in the transaction that ends a feed, such as comparing stock with the books.
    package init(
        system: ID<ExternalSystem>, connector: any Connector, database: any Database, log: EventLog, clock: WallClock,
        randomness: Randomness, lease: Duration = .seconds(300),
        afterFeed: @escaping @Sendable (Feed, any Connection) throws -> Void = { _, _ in }
    ) {
        self.system = system
        self.connector = connector
        self.database = database
        self.log = log
        self.clock = clock
        self.randomness = randomness
        self.lease = lease
        self.afterFeed = afterFeed
    }

    /// Reads what has changed in the system's feeds; a feed that fails does not keep the others from being read.
    ///
    /// - Parameters:
    ///   - feeds: which; those that the connector does not have are passed over.
    ///   - progress: told after each page.
    /// - Throws: `CancellationError`, and what the database throws when the summary cannot be stored.
    package func run(
        _ feeds: Set<Feed> = Set(Feed.allCases), progress: @Sendable (SyncProgress) -> Void = { _ in }
    ) async throws -> SyncSummary {
        var summary = SyncSummary(system: system, startedAt: clock.now(), completedAt: clock.now(), feeds: [])
        let modes = type(of: connector).manifest.feeds
        // Items, locations and suppliers come first, so that what refers to them finds them.
        for feed in Feed.allCases where feeds.contains(feed) {
            guard let mode = modes[feed] else { continue }
            try Task.checkCancellation()
            summary.feeds.append(try await read(feed, mode, progress))
        }
        summary.completedAt = clock.now()
        let completed = try NewEvent.completed(summary)
        try await database.write { [log, now = summary.completedAt] connection in
            _ = try log.append([completed], on: connection, at: now)
        }
        return summary
    }

    private func read(_ feed: Feed, _ mode: FeedMode, _ progress: (SyncProgress) -> Void) async throws -> FeedSummary {
        var summary = FeedSummary(feed)
        let lease = FeedLease(system: system, feed: feed, holder: randomness.identifier(at: clock.now()), duration: lease)
        do {
            var state = try await database.write { [now = clock.now()] in try lease.acquire(on: $0, at: now) }
            if mode == .snapshot, state.round == nil { state = FeedState(cursor: nil, round: clock.now(), roundRows: 0) }
            do {
                try await readPages(lease, &state, &summary, progress)
                try await complete(lease, state, &summary)
            } catch {
                try? await database.write { [now = clock.now()] in
                    try lease.release(after: (error as? Fault) ?? .defect("\(error)"), on: $0, at: now)
                }
                throw error
            }
        } catch let fault as Fault {
            summary.fault = FeedFault(fault)
        }
        return summary
    }

    private func readPages(
        _ lease: FeedLease, _ state: inout FeedState, _ summary: inout FeedSummary, _ progress: (SyncProgress) -> Void
    ) async throws {
        let names = try await database.read { [system] in try CrosswalkStore.load(system, on: $0) }
        while true {
            try Task.checkCancellation()
            let page = try await connector.read(lease.feed, after: state.cursor, names: names)
            if page.hasMore, page.next == nil || page.next == state.cursor {
                throw Fault(
                    .noProgress, .review(by: "operations"),
                    "\(system) says that there are more \(lease.feed.rawValue), but the page does not end further on.")
            }
            state.cursor = page.next ?? state.cursor
            if state.round != nil { state.roundRows += page.observations.count + page.refusals.count }
            summary.add(try await store(page, under: lease, reaching: state))
            progress(SyncProgress(feed: lease.feed, rows: summary.rows, refused: summary.refused))
            if !page.hasMore { return }
        }
    }

    private func store(_ page: Page, under lease: FeedLease, reaching state: FeedState) async throws -> FeedSummary {
        try await database.write { [log, now = clock.now()] connection in
            try lease.advance(to: state, on: connection)
            var storage = PageStorage(
                system: lease.system, feed: lease.feed, round: state.round, connection: connection, now: now)
            try storage.store(page)
            try log.append(storage.events, on: connection, at: now)
            return storage.summary
        }
    }

    /// Closes what a snapshot did not contain, and gives the feed back.
    private func complete(_ lease: FeedLease, _ state: FeedState, _ summary: inout FeedSummary) async throws {
        if let round = state.round {
            let closing = SnapshotClosing(system: system, feed: lease.feed, round: round, rows: state.roundRows)
            summary.remark = try await database.read { try closing.objection(on: $0) }
            while summary.remark == nil {
                let closed = try await database.write { [log, now = clock.now()] connection in
                    try lease.advance(to: state, on: connection)
                    let events = try closing.closeSome(on: connection, at: now)
                    try log.append(events, on: connection, at: now)
                    return events.count
                }
                summary.closed += closed
                if closed == 0 { break }
            }
        }
        try await database.write { [system, afterFeed, now = clock.now()] connection in
            if let round = state.round {
                try RefusedRows.closeUnseen(since: round, of: system, in: lease.feed, on: connection, at: now)
                // The next snapshot begins at the beginning.
                try lease.advance(to: FeedState(cursor: nil, round: nil, roundRows: 0), on: connection)
            }
            try afterFeed(lease.feed, connection)
            try lease.release(after: nil, on: connection, at: now)
        }
    }
}
