import CanonicalModel
import Storage
import Vocabulary

/// The newest forecast of each source for each item and location.
let forecastMigration = Migration("canonical-009-forecast") {
    """
    CREATE TABLE forecast (
        id \(.key) PRIMARY KEY,
        item \(.key) NOT NULL, location \(.key) NOT NULL, source \(.key) NOT NULL, cycle \(.key),
        forecast_version BIGINT NOT NULL, method \(.key) NOT NULL, start_on \(.key) NOT NULL,
        period_days BIGINT NOT NULL, mean TEXT NOT NULL, levels TEXT NOT NULL, quantiles TEXT NOT NULL,
        deviation DOUBLE PRECISION, is_provisional SMALLINT NOT NULL,
        \(recordColumns))
    """
    "CREATE INDEX forecast_item ON forecast (item, location)"
    "CREATE INDEX forecast_cycle ON forecast (cycle)"
}

extension Forecast: StoredEntity {
    package static var table: String { "forecast" }

    package static var columns: [String] {
        [
            "item", "location", "source", "cycle", "forecast_version", "method", "start_on", "period_days", "mean",
            "levels", "quantiles", "deviation", "is_provisional",
        ]
    }

    package var columnValues: [SQLValue] {
        get throws {
            try [
                item.sqlValue, location.sqlValue, source.sqlValue, cycle.sqlValue, version.sqlValue, method.sqlValue,
                start.sqlValue, periodDays.sqlValue, NumberLists.column(mean), NumberLists.column(levels),
                NumberLists.column(quantiles),
                deviation.sqlValue, isProvisional.sqlValue,
            ]
        }
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            item: columns.next(), location: columns.next(), source: columns.next(), cycle: columns.next(),
            version: columns.next(), method: columns.next(), start: columns.next(), periodDays: columns.next(),
            mean: columns.numbers(), levels: columns.numbers(), quantiles: columns.numberRows(), deviation: columns.next(),
            isProvisional: columns.next())
    }
}
