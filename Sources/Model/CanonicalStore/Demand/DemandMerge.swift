import CanonicalModel
import Storage
import Vocabulary

/// One row of demand under the number of its series.
struct DemandCell {
    let series: Int64
    let day: Int32
    let quantity: Quantity
    let isCensored: Bool
    let observedAt: Instant
}

/// Brings rows of demand to their place. Whoever calls holds their series, so nobody else changes them meanwhile.
struct DemandMerge {
    let system: ID<ExternalSystem>
    let connection: any Connection

    /// Stores rows that are certainly not there yet.
    func add(_ cells: [DemandCell]) throws -> DemandCounts {
        var counts = DemandCounts()
        guard !cells.isEmpty else { return counts }
        let columns = ["series", "day", "quantity", "is_censored", "observed_at", "source_system"]
        var index = 0
        counts.created = try connection.load(into: "demand", columns: columns) { values in
            guard index < cells.count else { return false }
            let cell = cells[index]
            if index == 0 { values[5] = system.sqlValue }
            index += 1
            values[0] = .integer(cell.series)
            values[1] = .integer(Int64(cell.day))
            values[2] = .integer(cell.quantity.scaled)
            values[3] = .integer(cell.isCensored ? 1 : 0)
            values[4] = .integer(cell.observedAt.microseconds)
            return true
        }
        return counts
    }

    /// Stores rows of which some may be there.
    ///
    /// - Parameter cells: in the order of series and day, each day at most once.
    func merge(_ cells: [DemandCell]) throws -> DemandCounts {
        guard !cells.isEmpty else { return DemandCounts() }
        let stretches = DemandStretch.split(cells)
        let present = try connection.rows(forEach: stretches) { stretch in
            """
            SELECT day, quantity, is_censored, observed_at, source_system FROM demand
            WHERE series = \(stretch.series) AND day >= \(stretch.firstDay) AND day <= \(stretch.lastDay) ORDER BY day
            """
        } _: { row in
            PresentCell(
                day: Int32(clamping: try row[0] as Int64), quantity: try row[1], isCensored: try row[2], observedAt: try row[3],
                isOwn: try row[4] as String == system.rawValue)
        }
        var plan = DemandPlan()
        for (stretch, rows) in zip(stretches, present) { plan.compare(stretch, with: rows) }
        var counts = try add(plan.added)
        counts.updated = plan.changed.count
        counts.unchanged = plan.unchanged
        counts.stale = plan.stale
        try write(plan)
        return counts
    }

    private func write(_ plan: DemandPlan) throws {
        try connection.run(forEach: plan.changed) { cell in
            """
            UPDATE demand SET quantity = \(cell.quantity), is_censored = \(cell.isCensored), observed_at = \(cell.observedAt),
                source_system = \(system) WHERE series = \(cell.series) AND day = \(Int(cell.day))
            """
        }
        try connection.run(forEach: plan.confirmed) { confirmed in
            """
            UPDATE demand SET observed_at = \(confirmed.observedAt)
            WHERE series = \(confirmed.series) AND day >= \(confirmed.firstDay) AND day <= \(confirmed.lastDay)
            """
        }
    }
}

/// Rows of one series that lie close together, so that what is there is read in one go.
struct DemandStretch {
    let cells: ArraySlice<DemandCell>

    var series: Int64 { cells[cells.startIndex].series }
    var firstDay: Int { Int(cells[cells.startIndex].day) }
    var lastDay: Int { Int(cells[cells.endIndex - 1].day) }

    /// - Parameter cells: in the order of series and day.
    static func split(_ cells: [DemandCell]) -> [DemandStretch] {
        // Rows far apart are looked for one by one: what lies between would be read for nothing.
        let gap: Int32 = 60
        var stretches: [DemandStretch] = []
        var start = cells.startIndex
        for index in cells.indices.dropFirst() {
            let (last, next) = (cells[index - 1], cells[index])
            guard next.series != last.series || next.day - last.day > gap else { continue }
            stretches.append(DemandStretch(cells: cells[start..<index]))
            start = index
        }
        if start < cells.endIndex { stretches.append(DemandStretch(cells: cells[start...])) }
        return stretches
    }
}

/// A row that is there.
struct PresentCell {
    let day: Int32
    let quantity: Quantity
    let isCensored: Bool
    let observedAt: Instant
    /// Whether it comes from the system that is being loaded.
    let isOwn: Bool
}
