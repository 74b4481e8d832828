import CanonicalModel
import Storage
import Vocabulary

/// Every way from one location to another.
let laneMigration = Migration("canonical-005-lane") {
    """
    CREATE TABLE lane (
        id \(.key) PRIMARY KEY,
        origin \(.key) NOT NULL, destination \(.key) NOT NULL, transit_days DOUBLE PRECISION NOT NULL,
        transit_deviation DOUBLE PRECISION NOT NULL, cost_per_shipment BIGINT NOT NULL,
        cost_per_unit BIGINT NOT NULL, currency \(.key) NOT NULL, calendar TEXT NOT NULL,
        minimum_quantity BIGINT NOT NULL, is_active SMALLINT NOT NULL,
        \(recordColumns))
    """
    "CREATE INDEX lane_destination ON lane (destination)"
}

extension Lane: StoredEntity {
    package static var table: String { "lane" }

    package static var columns: [String] {
        [
            "origin", "destination", "transit_days", "transit_deviation", "cost_per_shipment", "cost_per_unit",
            "currency", "calendar", "minimum_quantity", "is_active",
        ]
    }

    package var columnValues: [SQLValue] {
        get throws {
            try [
                origin.sqlValue, destination.sqlValue, transitDays.sqlValue, transitDeviation.sqlValue,
                costPerShipment.sqlValue, costPerUnit.sqlValue, currency.sqlValue, calendar.jsonColumn,
                minimumQuantity.sqlValue, isActive.sqlValue,
            ]
        }
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            origin: columns.next(), destination: columns.next(), transitDays: columns.next(),
            transitDeviation: columns.next(), costPerShipment: columns.next(), costPerUnit: columns.next(),
            currency: columns.next(), calendar: columns.calendar(), minimumQuantity: columns.next(),
            isActive: columns.next())
    }
}
