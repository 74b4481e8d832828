import CanonicalModel
import Storage
import Vocabulary

/// The series of some positions, each locked until the transaction ends.
///
/// Who holds a series is alone in adding rows to it, so a day outside its range certainly has no row yet.
struct DemandSeriesBook {
    struct Entry {
        let id: Int64
        /// The days that may have rows already; nil for a new series.
        let present: ClosedRange<Int32>?
    }

    private(set) var entries: [Position: Entry] = [:]

    /// Finds or makes the series, and widens their ranges.
    ///
    /// - Parameter days: for each position the range of the days that are to be stored.
    init(covering days: [Position: ClosedRange<Int32>], on connection: any Connection) throws {
        // All loaders lock in the same order, so that none waits for another in a circle.
        var missing = days.sorted { left, right in
            (left.key.location, left.key.item) < (right.key.location, right.key.item)
        }
        while !missing.isEmpty {
            try lock(missing.map(\.key), on: connection)
            missing = try create(missing.filter { entries[$0.key] == nil }, on: connection)
        }
        try widen(days, on: connection)
    }

    private mutating func lock(_ positions: [Position], on connection: any Connection) throws {
        let found = try connection.rows(forEach: positions) { position in
            """
            SELECT id, first_day, last_day FROM demand_series
            WHERE location = \(position.location) AND item = \(position.item) \(.forUpdate)
            """
        } _: { row in
            (id: try row[0] as Int64, first: try row[1] as Int64, last: try row[2] as Int64)
        }
        for (position, rows) in zip(positions, found) {
            guard let row = rows.first else { continue }
            entries[position] = Entry(id: row.id, present: Int32(clamping: row.first)...Int32(clamping: row.last))
        }
    }

    /// - Returns: those that another transaction made meanwhile.
    private mutating func create(
        _ missing: [(key: Position, value: ClosedRange<Int32>)], on connection: any Connection
    ) throws -> [(key: Position, value: ClosedRange<Int32>)] {
        guard !missing.isEmpty else { return [] }
        let last: Int64? = try connection.value(
            """
            INSERT INTO demand_series_head (id, last_series) VALUES (0, \(missing.count))
            ON CONFLICT (id) DO UPDATE SET last_series = demand_series_head.last_series + excluded.last_series
            RETURNING last_series
            """)
        guard let last else { throw Fault.defect("The head of the demand series answered no number.") }
        let first = last - Int64(missing.count) + 1
        let counts = try connection.run(forEach: Array(missing.enumerated())) { offset, series in
            """
            INSERT INTO demand_series (id, location, item, first_day, last_day)
            VALUES (\(first + Int64(offset)), \(series.key.location), \(series.key.item), \(Int(series.value.lowerBound)),
                \(Int(series.value.upperBound)))
            ON CONFLICT (location, item) DO NOTHING
            """
        }
        var lost: [(key: Position, value: ClosedRange<Int32>)] = []
        for (offset, series) in missing.enumerated() {
            if counts[offset] == 0 {
                lost.append(series)
            } else {
                entries[series.key] = Entry(id: first + Int64(offset), present: nil)
            }
        }
        return lost
    }

    private func widen(_ days: [Position: ClosedRange<Int32>], on connection: any Connection) throws {
        let wider = days.compactMap { position, range -> (id: Int64, days: ClosedRange<Int32>)? in
            guard let entry = entries[position], let present = entry.present else { return nil }
            let lower = min(range.lowerBound, present.lowerBound)
            let upper = max(range.upperBound, present.upperBound)
            return lower...upper == present ? nil : (entry.id, lower...upper)
        }
        try connection.run(forEach: wider.sorted { $0.id < $1.id }) { id, days in
            """
            UPDATE demand_series SET first_day = \(Int(days.lowerBound)), last_day = \(Int(days.upperBound)) WHERE id = \(id)
            """
        }
    }
}
