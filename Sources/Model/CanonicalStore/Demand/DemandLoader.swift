import CanonicalModel
import Storage
import Vocabulary

/// Takes in demand in great numbers.
///
/// Rows that are certainly new go straight to their table the fastest way the database has; the others are compared
/// with what is there, and only what differs is written.
///
/// The rule for what overwrites what is that of `Records.upsert`. Of two rows for the same item, location and date the
/// later one counts. Loading the same again changes nothing.
package struct DemandLoader: Sendable {
    package let system: ID<ExternalSystem>

    package init(system: ID<ExternalSystem>) {
        self.system = system
    }

    /// Stores rows in the caller's transaction.
    ///
    /// - Returns: what became of them, and those that were refused by their index in `rows`.
    package func store(
        _ rows: DemandRows, on connection: any Connection
    ) throws -> (counts: DemandCounts, refusals: [(index: Int, violations: [Violation])]) {
        let refusals = rows.refusals()
        let accepted = rows.removing(Set(refusals.map(\.index)))
        let (fresh, possible) = try cells(accepted, on: connection)
        let merge = DemandMerge(system: system, connection: connection)
        var counts = try merge.add(fresh)
        counts.add(try merge.merge(possible))
        counts.received = rows.count
        counts.refused = refusals.count
        counts.repeated = accepted.count - fresh.count - possible.count
        return (counts, refusals)
    }

    /// The rows under the numbers of their series, in order, of equal days only the last.
    ///
    /// - Returns: those whose day certainly has no row yet, and those whose day may have one.
    private func cells(
        _ rows: DemandRows, on connection: any Connection
    ) throws -> (fresh: [DemandCell], possible: [DemandCell]) {
        let groups = DemandGroups(rows)
        let book = try DemandSeriesBook(covering: groups.days, on: connection)
        let entries = try rows.positions.indices.map { number -> DemandSeriesBook.Entry? in
            guard !groups[number].isEmpty else { return nil }
            guard let entry = book.entries[rows.positions[number]] else {
                throw Fault.defect("A demand series was neither found nor made.")
            }
            return entry
        }
        var fresh: [DemandCell] = []
        var possible: [DemandCell] = []
        fresh.reserveCapacity(rows.count)
        let inOrder = entries.indices.sorted { (entries[$0]?.id ?? 0) < (entries[$1]?.id ?? 0) }
        for number in inOrder {
            guard let entry = entries[number] else { continue }
            for index in groups[number] {
                let row = rows.rows[Int(index)]
                let cell = DemandCell(
                    series: entry.id, day: row.date.dayNumber, quantity: row.quantity, isCensored: row.isCensored,
                    observedAt: row.observedAt)
                if entry.present?.contains(cell.day) ?? false { possible.append(cell) } else { fresh.append(cell) }
            }
        }
        return (fresh, possible)
    }
}
