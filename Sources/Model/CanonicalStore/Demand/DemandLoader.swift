import CanonicalModel
import Storage
import Vocabulary

/// Takes in demand in great numbers: rows go to a passing table the fastest way the database has, and from there in a
/// few statements to their place.
///
/// The rule for what overwrites what is that of `Records.upsert`. Of two rows for the same item, location and date the
/// later one counts.
package struct DemandLoader: Sendable {
    package let system: ID<ExternalSystem>
    /// How many rows go into one transaction; a load keeps about this many in memory.
    package let chunk: Int

    package init(system: ID<ExternalSystem>, chunk: Int = 50_000) {
        self.system = system
        self.chunk = chunk
    }

    /// One row as its system saw it at one instant.
    package struct Row: Hashable, Sendable {
        package let demand: Demand
        package let observedAt: Instant

        package init(_ demand: Demand, observedAt: Instant) {
            self.demand = demand
            self.observedAt = observedAt
        }
    }

    /// Stores all that `next` gives, a transaction for each chunk.
    ///
    /// What was stored stays when `next` or a later chunk fails; loading the same again changes nothing.
    ///
    /// - Parameters:
    ///   - next: some more rows; nil at the end.
    ///   - refused: told of each row that is not stored: its number, counted from 1, and what is wrong with it.
    ///   - progress: told what has been stored so far, after each chunk.
    package func load(
        into database: any Database, from next: () async throws -> [Row]?,
        refused: (Int, [Violation]) -> Void, progress: (DemandCounts) -> Void = { _ in }
    ) async throws -> DemandCounts {
        var counts = DemandCounts()
        var number = 0
        var waiting: [Row] = []
        func flush() async throws {
            let rows = waiting
            waiting.removeAll(keepingCapacity: true)
            let stored = try await database.write { connection in try store(rows, on: connection) }
            for refusal in stored.refusals { refused(number + refusal.index + 1, refusal.violations) }
            number += rows.count
            counts.add(stored.counts)
            progress(counts)
        }
        while let rows = try await next() {
            for row in rows {
                waiting.append(row)
                if waiting.count >= chunk { try await flush() }
            }
        }
        if !waiting.isEmpty { try await flush() }
        return counts
    }

    /// Stores rows in the caller's transaction.
    ///
    /// - Returns: what became of them, and those that were refused by their index in `rows`.
    package func store(
        _ rows: [Row], on connection: any Connection
    ) throws -> (counts: DemandCounts, refusals: [(index: Int, violations: [Violation])]) {
        var refusals: [(index: Int, violations: [Violation])] = []
        for (index, row) in rows.enumerated() {
            let violations = row.demand.violations()
            if !violations.isEmpty { refusals.append((index, violations)) }
        }
        let refused = Set(refusals.map(\.index))
        let accepted = refused.isEmpty ? rows : rows.indices.filter { !refused.contains($0) }.map { rows[$0] }
        let distinct = lastOfEachKey(accepted)
        var counts = try DemandMerge(system: system, connection: connection).merge(distinct)
        counts.received = rows.count
        counts.refused = refusals.count
        counts.repeated = accepted.count - distinct.count
        return (counts, refusals)
    }

    /// The rows in the order of their key, of equal keys only the last.
    private func lastOfEachKey(_ rows: [Row]) -> [Row] {
        // Most sources are in order already, and looking is much cheaper than sorting.
        if zip(rows, rows.dropFirst()).allSatisfy({ precedes($0, $1) }) { return rows }
        let sorted = rows.indices.sorted { left, right in
            if precedes(rows[left], rows[right]) { return true }
            return precedes(rows[right], rows[left]) ? false : left < right
        }
        var kept: [Row] = []
        kept.reserveCapacity(rows.count)
        for index in sorted {
            if let last = kept.last, !precedes(last, rows[index]) { kept.removeLast() }
            kept.append(rows[index])
        }
        return kept
    }

    private func precedes(_ left: Row, _ right: Row) -> Bool {
        let (left, right) = (left.demand, right.demand)
        if left.location != right.location { return left.location < right.location }
        if left.item != right.item { return left.item < right.item }
        return left.date < right.date
    }
}

/// What became of rows of demand.
package struct DemandCounts: Codable, Hashable, Sendable {
    package var received = 0
    package var created = 0
    package var updated = 0
    package var unchanged = 0
    /// Older than what was there.
    package var stale = 0
    /// Followed in the same chunk by another row for the same item, location and date.
    package var repeated = 0
    package var refused = 0

    package init() {}

    package mutating func add(_ other: DemandCounts) {
        received += other.received
        created += other.created
        updated += other.updated
        unchanged += other.unchanged
        stale += other.stale
        repeated += other.repeated
        refused += other.refused
    }
}
