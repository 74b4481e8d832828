import Vocabulary

/// Rows in the order (changedAt, id), which is the order in which feeds hand them out.
///
/// A change gets an instant later than every one before it and so moves its row to the end: a reader who
/// goes on from a position sees it again, and never misses one that changed while they were reading.
struct FeedTable<Record: ERPRecord>: Sendable {
    private(set) var rows: [Record] = []
    private var changes: [String: Instant] = [:]

    /// Rows of a start-up load, in any order, all with their own instants.
    init(_ records: [Record] = []) {
        rows = records.sorted { FeedPosition($0) < FeedPosition($1) }
        changes = Dictionary(records.map { ($0.id, $0.changedAt) }) { _, last in last }
    }

    subscript(id: String) -> Record? {
        guard let changedAt = changes[id] else { return nil }
        let index = firstIndex(after: FeedPosition(changedAt: changedAt, id: id), inclusive: true)
        return rows[index]
    }

    /// Inserts or replaces the row of this id.
    ///
    /// - Precondition: `record.changedAt` is later than that of every row.
    mutating func put(_ record: Record) {
        if let earlier = changes[record.id] {
            rows.remove(at: firstIndex(after: FeedPosition(changedAt: earlier, id: record.id), inclusive: true))
        }
        rows.append(record)
        changes[record.id] = record.changedAt
    }

    /// At most `limit` rows beyond `position`, and whether there are more.
    func page(after position: FeedPosition?, since: Instant?, limit: Int) -> (rows: ArraySlice<Record>, more: Bool) {
        var start = 0
        if let position {
            start = firstIndex(after: position, inclusive: false)
        } else if let since {
            start = firstIndex(after: FeedPosition(changedAt: since, id: ""), inclusive: true)
        }
        let end = min(rows.count, start + limit)
        return (rows[start..<end], end < rows.count)
    }

    private func firstIndex(after position: FeedPosition, inclusive: Bool) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            let candidate = FeedPosition(rows[middle])
            if candidate < position || (!inclusive && candidate == position) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A place in a feed: just behind the row that changed at `changedAt` and is called `id`.
struct FeedPosition: Comparable, Sendable {
    let changedAt: Instant
    let id: String

    init(changedAt: Instant, id: String) {
        self.changedAt = changedAt
        self.id = id
    }

    init(_ record: some ERPRecord) {
        self.init(changedAt: record.changedAt, id: record.id)
    }

    /// Reads what `text` wrote.
    init(parsing text: String) throws(Fault) {
        let parts = text.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let microseconds = Int64(parts[0]) else {
            throw .invalid("cursor", found: text, expected: "a cursor that this feed gave")
        }
        self.init(changedAt: Instant(microseconds: microseconds), id: String(parts[1]))
    }

    var text: String { "\(changedAt.microseconds)~\(id)" }

    static func < (left: Self, right: Self) -> Bool {
        (left.changedAt, left.id) < (right.changedAt, right.id)
    }
}
