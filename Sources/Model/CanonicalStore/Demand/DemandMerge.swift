import CanonicalModel
import Storage
import Vocabulary

/// Brings rows of demand from a passing table to their place.
struct DemandMerge {
    let system: ID<ExternalSystem>
    let connection: any Connection

    /// - Parameter rows: each key at most once.
    func merge(_ rows: [DemandLoader.Row]) throws -> DemandCounts {
        var counts = DemandCounts()
        guard !rows.isEmpty else { return counts }
        try connection.run(
            """
            CREATE TEMPORARY TABLE demand_incoming (
                location \(.key) NOT NULL, item \(.key) NOT NULL, date \(.key) NOT NULL, quantity BIGINT NOT NULL,
                is_censored SMALLINT NOT NULL, observed_at BIGINT NOT NULL)
            """)
        try stage(rows)
        counts.created = try connection.run("\(insertion) ON CONFLICT (location, item, date) DO NOTHING")
        let present = rows.count - counts.created
        if present > 0 {
            counts.updated = try connection.run(update)
            try connection.run(touch)
            counts.stale = try connection.value(stale) ?? 0
            counts.unchanged = present - counts.updated - counts.stale
        }
        try connection.run("DROP TABLE demand_incoming")
        return counts
    }

    private func stage(_ rows: [DemandLoader.Row]) throws {
        var dates: [BusinessDate: SQLValue] = [:]
        var remaining = rows.makeIterator()
        try connection.load(
            into: "demand_incoming", columns: ["location", "item", "date", "quantity", "is_censored", "observed_at"]
        ) {
            guard let row = remaining.next() else { return nil }
            let demand = row.demand
            let date = dates[demand.date] ?? demand.date.sqlValue
            dates[demand.date] = date
            return [
                demand.location.sqlValue, demand.item.sqlValue, date, demand.quantity.sqlValue, demand.isCensored.sqlValue,
                row.observedAt.sqlValue,
            ]
        }
    }

    /// `WHERE 1 = 1` keeps SQLite from reading ON CONFLICT as the condition of a join.
    private var insertion: SQL {
        """
        INSERT INTO demand (location, item, date, quantity, is_censored, source_system, observed_at)
        SELECT location, item, date, quantity, is_censored, \(system), observed_at FROM demand_incoming WHERE 1 = 1
        """
    }

    private var update: SQL {
        """
        \(insertion) ON CONFLICT (location, item, date) DO UPDATE SET quantity = excluded.quantity,
            is_censored = excluded.is_censored, source_system = excluded.source_system, observed_at = excluded.observed_at
        WHERE (excluded.quantity <> demand.quantity OR excluded.is_censored <> demand.is_censored)
            AND (excluded.observed_at > demand.observed_at
                OR excluded.observed_at = demand.observed_at AND excluded.source_system = demand.source_system)
        """
    }

    /// Rows that say what is there already: only the instant at which it was last observed moves.
    private var touch: SQL {
        """
        \(insertion) ON CONFLICT (location, item, date) DO UPDATE SET observed_at = excluded.observed_at
        WHERE excluded.quantity = demand.quantity AND excluded.is_censored = demand.is_censored
            AND excluded.source_system = demand.source_system AND excluded.observed_at > demand.observed_at
        """
    }

    /// What still differs was older than what is there.
    private var stale: SQL {
        """
        SELECT COUNT(*) FROM demand_incoming, demand
        WHERE demand.location = demand_incoming.location AND demand.item = demand_incoming.item
            AND demand.date = demand_incoming.date
            AND (demand.quantity <> demand_incoming.quantity OR demand.is_censored <> demand_incoming.is_censored)
        """
    }
}
