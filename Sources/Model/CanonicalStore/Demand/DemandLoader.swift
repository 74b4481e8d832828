import CanonicalModel
import Storage
import Vocabulary

/// Takes in demand in great numbers.
///
/// Rows that are certainly new go straight to their table the fastest way the database has; the others are compared
/// with what is there, and only what differs is written.
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
        _ rows: [Row], on connection: any Connection
    ) throws -> (fresh: [DemandCell], possible: [DemandCell]) {
        let groups = DemandGroups(rows)
        let book = try DemandSeriesBook(covering: groups.days, on: connection)
        let entries = try groups.positions.map { position in
            guard let entry = book.entries[position] else { throw Fault.defect("A demand series was neither found nor made.") }
            return entry
        }
        var order = rows.indices.map {
            Place(series: entries[groups.group[$0]].id, day: rows[$0].demand.date.dayNumber, index: $0)
        }
        // Most sources are in order already, and looking is much cheaper than sorting.
        if !zip(order, order.dropFirst()).allSatisfy(<) { order.sort(by: <) }
        var fresh: [DemandCell] = []
        var possible: [DemandCell] = []
        for (position, place) in order.enumerated() {
            let isRepeated = position + 1 < order.count && order[position + 1].isSameCell(as: place)
            if isRepeated { continue }
            let row = rows[place.index]
            let cell = DemandCell(
                series: place.series, day: place.day, quantity: row.demand.quantity, isCensored: row.demand.isCensored,
                observedAt: row.observedAt)
            let present = entries[groups.group[place.index]].present
            if present?.contains(place.day) ?? false { possible.append(cell) } else { fresh.append(cell) }
        }
        return (fresh, possible)
    }
}

/// Where a row goes, and which row it is.
private struct Place {
    let series: Int64
    let day: Int32
    let index: Int

    static func < (left: Place, right: Place) -> Bool {
        if left.series != right.series { return left.series < right.series }
        if left.day != right.day { return left.day < right.day }
        return left.index < right.index
    }

    func isSameCell(as other: Place) -> Bool { series == other.series && day == other.day }
}

/// Rows by their position.
private struct DemandGroups {
    private(set) var positions: [Position] = []
    private(set) var days: [Position: ClosedRange<Int32>] = [:]
    /// For each row the index of its position in `positions`.
    private(set) var group: [Int] = []

    init(_ rows: [DemandLoader.Row]) {
        var numbers: [Position: Int] = [:]
        var ranges: [ClosedRange<Int32>] = []
        group.reserveCapacity(rows.count)
        for row in rows {
            let position = Position(row.demand.item, row.demand.location)
            let day = row.demand.date.dayNumber
            if let number = numbers[position] {
                group.append(number)
                let range = ranges[number]
                if !range.contains(day) { ranges[number] = min(range.lowerBound, day)...max(range.upperBound, day) }
            } else {
                numbers[position] = positions.count
                group.append(positions.count)
                positions.append(position)
                ranges.append(day...day)
            }
        }
        days = Dictionary(uniqueKeysWithValues: zip(positions, ranges))
    }
}
