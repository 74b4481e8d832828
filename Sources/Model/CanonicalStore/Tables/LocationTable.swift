import CanonicalModel
import Storage
import Vocabulary

/// Every place that holds stock.
let locationMigration = Migration("canonical-002-location") {
    """
    CREATE TABLE location (
        id \(.key) PRIMARY KEY,
        name TEXT NOT NULL, kind \(.key) NOT NULL, region \(.key) NOT NULL, time_zone \(.key) NOT NULL,
        calendar TEXT NOT NULL, capacity BIGINT, system \(.key), is_active SMALLINT NOT NULL,
        \(recordColumns))
    """
    "CREATE INDEX location_region ON location (region)"
}

extension Location: StoredEntity {
    package static var table: String { "location" }

    package static var columns: [String] {
        [
            "name", "kind", "region", "time_zone", "calendar", "capacity", "system", "is_active",
        ]
    }

    package var columnValues: [SQLValue] {
        get throws {
            try [
                name.sqlValue, kind.sqlValue, region.sqlValue, timeZone.sqlValue, calendar.jsonColumn, capacity.sqlValue,
                system.sqlValue, isActive.sqlValue,
            ]
        }
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            id: id, name: columns.next(), kind: columns.next(), region: columns.next(), timeZone: columns.next(),
            calendar: columns.calendar(), capacity: columns.next(), system: columns.next(), isActive: columns.next())
    }
}

extension LocationKind: SQLRepresentable {}
