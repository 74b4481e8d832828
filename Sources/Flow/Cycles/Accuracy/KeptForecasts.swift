import CanonicalModel
import CanonicalStore
import Planning
import Storage
import Vocabulary

/// What was believed when each cycle closed. A newer forecast replaces an older one everywhere else, so that only here it can be
/// seen how well the one that orders were placed on did.
let keptForecastMigration = Migration("cycles-003-kept-forecast") {
    """
    CREATE TABLE kept_forecast (
        cycle \(.key) NOT NULL, location \(.key) NOT NULL, item \(.key) NOT NULL, source \(.key) NOT NULL,
        start_on \(.key) NOT NULL, period_days BIGINT NOT NULL, mean TEXT NOT NULL, levels TEXT NOT NULL,
        quantiles TEXT NOT NULL, PRIMARY KEY (cycle, location, item, source))
    """
    "CREATE INDEX kept_forecast_place ON kept_forecast (location, item, start_on)"
}

/// Forecasts as they stood when their cycle closed.
enum KeptForecasts {
    /// How long they are kept after their cycle has closed.
    static let span = Duration.days(400)

    /// Keeps the forecasts that the positions of a cycle count on, and drops those that are too old.
    static func keep(_ cycle: ID<ForecastCycle>, _ connection: any Connection, at now: Instant) throws {
        try connection.run(
            """
            INSERT INTO kept_forecast (cycle, location, item, source, start_on, period_days, mean, levels, quantiles)
            SELECT p.cycle, f.location, f.item, f.source, f.start_on, f.period_days, f.mean, f.levels, f.quantiles
            FROM cycle_position p JOIN forecast f ON f.item = p.item AND f.location = p.location AND f.cycle = p.cycle
            WHERE p.cycle = \(cycle)
                AND p.state = CASE WHEN f.is_provisional = 1 THEN 'provisional' ELSE 'forecast' END
            ON CONFLICT (cycle, location, item, source) DO NOTHING
            """)
        try connection.run(
            "DELETE FROM kept_forecast WHERE cycle IN (SELECT id FROM cycle_run WHERE closed_at < \(now - span))")
    }

    /// One of them, without its cycle.
    struct Kept {
        let item: ID<Item>
        let source: ID<ExternalSystem>
        let start: BusinessDate
        let periodDays: Int
        let mean: [Double]
        /// The quantile at the level that coverage is judged by; empty when there is none.
        let upper: [Double]

        init(_ row: Row, level: Double) throws {
            var columns = ColumnReader(row)
            item = try columns.next()
            source = try columns.next()
            start = try columns.next()
            periodDays = try columns.next()
            mean = try columns.numbers()
            let levels = try columns.numbers()
            let quantiles = try columns.numberRows()
            upper = levels.firstIndex(of: level).flatMap { quantiles.indices.contains($0) ? quantiles[$0] : nil } ?? []
        }
    }

    /// Those of some items at a location that begin within some days, the older cycle first.
    static func read(
        _ items: [ID<Item>], at location: ID<Location>, from: BusinessDate, until: BusinessDate, source: ID<ExternalSystem>?,
        level: Double, on connection: any Connection
    ) throws -> [Kept] {
        let fromSource: SQL = source.map { "AND k.source = \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT k.item, k.source, k.start_on, k.period_days, k.mean, k.levels, k.quantiles
            FROM kept_forecast k JOIN cycle_run c ON c.id = k.cycle
            WHERE k.location = \(location) AND k.item IN (\(list: items)) AND k.start_on >= \(from) AND k.start_on < \(until)
                \(fromSource)
            ORDER BY k.item, k.source, c.closed_at, k.cycle
            """
        ) { row in try Kept(row, level: level) }
    }
}
