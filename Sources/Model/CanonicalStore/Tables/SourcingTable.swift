import CanonicalModel
import Storage
import Vocabulary

/// Every way to buy an item.
let sourcingMigration = Migration("canonical-004-sourcing") {
    """
    CREATE TABLE sourcing (
        id \(.key) PRIMARY KEY,
        item \(.key) NOT NULL, supplier \(.key) NOT NULL, location \(.key), rank BIGINT NOT NULL,
        lead_time_days DOUBLE PRECISION NOT NULL, lead_time_deviation DOUBLE PRECISION NOT NULL,
        unit \(.key) NOT NULL, minimum_quantity BIGINT NOT NULL, multiple BIGINT NOT NULL,
        maximum_quantity BIGINT, price BIGINT NOT NULL, currency \(.key) NOT NULL, valid_from \(.key),
        valid_until \(.key),
        \(recordColumns))
    """
    "CREATE INDEX sourcing_item ON sourcing (item)"
    "CREATE INDEX sourcing_supplier ON sourcing (supplier)"
}

extension Sourcing: StoredEntity {
    package static var table: String { "sourcing" }

    package static var columns: [String] {
        [
            "item", "supplier", "location", "rank", "lead_time_days", "lead_time_deviation", "unit",
            "minimum_quantity", "multiple", "maximum_quantity", "price", "currency", "valid_from", "valid_until",
        ]
    }

    package var columnValues: [SQLValue] {
        [
            item.sqlValue, supplier.sqlValue, location.sqlValue, rank.sqlValue, leadTimeDays.sqlValue,
            leadTimeDeviation.sqlValue, unit.sqlValue, minimumQuantity.sqlValue, multiple.sqlValue,
            maximumQuantity.sqlValue, price.sqlValue, currency.sqlValue, validFrom.sqlValue, validUntil.sqlValue,
        ]
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            item: columns.next(), supplier: columns.next(), location: columns.next(), rank: columns.next(),
            leadTimeDays: columns.next(), leadTimeDeviation: columns.next(), unit: columns.next(),
            minimumQuantity: columns.next(), multiple: columns.next(), maximumQuantity: columns.next(),
            price: columns.next(), currency: columns.next(), validFrom: columns.next(), validUntil: columns.next())
    }
}
