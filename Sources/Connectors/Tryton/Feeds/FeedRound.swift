import ConnectorKit
import Vocabulary

/// One walk through a feed, page by page, and where it has got to.
///
/// A round goes through the records in the order of their ids, and an incremental one only through those
/// that were modified since the round before began. Ids stand still while people work, so that nothing is
/// skipped when a record is modified during the walk: it is then modified after the round's beginning, by
/// the ERP's clock, and so belongs to the next.
struct FeedRound: Sendable {
    /// Records modified before this are of no interest; nil when all are.
    let since: Instant?
    /// By the ERP's clock.
    let startedAt: Instant
    /// Feeds that read several kinds of records read them one after the other.
    var stage: Int
    /// The last record taken.
    var lastID: Int64

    init(startedAt: Instant, since: Instant?, stage: Int = 0, lastID: Int64 = 0) {
        self.startedAt = startedAt
        self.since = since
        self.stage = stage
        self.lastID = lastID
    }

    /// - Throws: `input.invalid` for a cursor that this connector did not make.
    init(after cursor: Cursor?, serverNow: Instant) throws(Fault) {
        guard let cursor, !cursor.id.isEmpty else {
            self.init(startedAt: serverNow, since: cursor?.time)
            return
        }
        let parts = cursor.id.split(separator: " ").map { Int64($0) }
        guard parts.count == 3, let start = parts[0], let stage = parts[1], let last = parts[2] else {
            throw .invalid("cursor", found: cursor.id, expected: "three whole numbers")
        }
        self.init(
            startedAt: Instant(microseconds: start), since: cursor.time == .epoch ? nil : cursor.time, stage: Int(stage),
            lastID: last)
    }

    /// Where the next page of this round begins.
    var cursor: Cursor {
        Cursor(time: since ?? .epoch, id: "\(startedAt.microseconds) \(stage) \(lastID)")
    }

    /// Where the next round begins.
    func closing(overlap: Duration) -> Cursor { Cursor(time: startedAt - overlap, id: "") }

    /// The clause that leaves only records of which one of these times is not before `since`.
    func modified(_ fields: String...) -> [RPCValue] {
        guard let since else { return [] }
        let clauses = fields.map { field -> RPCValue in [[.text(field), ">=", .datetime(since)]] }
        return [.list(["OR"] + clauses)]
    }
}
