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

/// Brings rows of demand to their place.
struct DemandMerge {
    let system: ID<ExternalSystem>
    let connection: any Connection

    /// Stores rows that are certainly not there yet, with nothing between them and the table.
    func add(_ cells: [DemandCell]) throws -> DemandCounts {
        var counts = DemandCounts()
        guard !cells.isEmpty else { return counts }
        let columns = ["series", "day", "quantity", "is_censored", "observed_at", "source_system"]
        let source = system.sqlValue
        var remaining = cells.makeIterator()
        counts.created = try connection.load(into: "demand", columns: columns) {
            remaining.next().map { $0.values + [source] }
        }
        return counts
    }

    /// Stores rows of which some may be there, by way of a passing table.
    ///
    /// - Parameter cells: each series and day at most once.
    func merge(_ cells: [DemandCell]) throws -> DemandCounts {
        var counts = DemandCounts()
        guard !cells.isEmpty else { return counts }
        try connection.run(
            """
            CREATE TEMPORARY TABLE demand_incoming (
                series BIGINT NOT NULL, quantity BIGINT NOT NULL, observed_at BIGINT NOT NULL, day INTEGER NOT NULL,
                is_censored SMALLINT NOT NULL)
            """)
        var remaining = cells.makeIterator()
        try connection.load(into: "demand_incoming", columns: ["series", "day", "quantity", "is_censored", "observed_at"]) {
            remaining.next()?.values
        }
        counts.created = try connection.run("\(insertion) ON CONFLICT (series, day) DO NOTHING")
        let present = cells.count - counts.created
        if present > 0 {
            counts.updated = try connection.run(update)
            try connection.run(touch)
            counts.stale = try connection.value(stale) ?? 0
            counts.unchanged = present - counts.updated - counts.stale
        }
        try connection.run("DROP TABLE demand_incoming")
        return counts
    }

    /// `WHERE 1 = 1` keeps SQLite from reading ON CONFLICT as the condition of a join.
    private var insertion: SQL {
        """
        INSERT INTO demand (series, day, quantity, is_censored, source_system, observed_at)
        SELECT series, day, quantity, is_censored, \(system), observed_at FROM demand_incoming WHERE 1 = 1
        """
    }

    private var update: SQL {
        """
        UPDATE demand SET quantity = demand_incoming.quantity, is_censored = demand_incoming.is_censored,
            source_system = \(system), observed_at = demand_incoming.observed_at
        FROM demand_incoming WHERE \(sameCell)
            AND (demand_incoming.quantity <> demand.quantity OR demand_incoming.is_censored <> demand.is_censored)
            AND (demand_incoming.observed_at > demand.observed_at
                OR demand_incoming.observed_at = demand.observed_at AND demand.source_system = \(system))
        """
    }

    /// Rows that say what is there already: only the instant at which it was last observed moves.
    private var touch: SQL {
        """
        UPDATE demand SET observed_at = demand_incoming.observed_at
        FROM demand_incoming WHERE \(sameCell)
            AND demand_incoming.quantity = demand.quantity AND demand_incoming.is_censored = demand.is_censored
            AND demand.source_system = \(system) AND demand_incoming.observed_at > demand.observed_at
        """
    }

    /// What still differs was older than what is there.
    private var stale: SQL {
        """
        SELECT COUNT(*) FROM demand_incoming, demand WHERE \(sameCell)
            AND (demand.quantity <> demand_incoming.quantity OR demand.is_censored <> demand_incoming.is_censored)
        """
    }

    private var sameCell: SQL { "demand.series = demand_incoming.series AND demand.day = demand_incoming.day" }
}

extension DemandCell {
    /// In the order `series`, `day`, `quantity`, `is_censored`, `observed_at`.
    fileprivate var values: [SQLValue] {
        [
            .integer(series), .integer(Int64(day)), .integer(quantity.scaled), .integer(isCensored ? 1 : 0),
            .integer(observedAt.microseconds),
        ]
    }
}
