import CanonicalModel
import Storage
import Vocabulary

/// Everybody we buy from.
let supplierMigration = Migration("canonical-003-supplier") {
    """
    CREATE TABLE supplier (
        id \(.key) PRIMARY KEY,
        name TEXT NOT NULL, calendar TEXT NOT NULL, is_blocked SMALLINT NOT NULL,
        \(recordColumns))
    """
}

extension Supplier: StoredEntity {
    package static var table: String { "supplier" }

    package static var columns: [String] {
        [
            "name", "calendar", "is_blocked",
        ]
    }

    package var columnValues: [SQLValue] {
        get throws {
            try [
                name.sqlValue, calendar.jsonColumn, isBlocked.sqlValue,
            ]
        }
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            id: id, name: columns.next(), calendar: columns.calendar(), isBlocked: columns.next())
    }
}
