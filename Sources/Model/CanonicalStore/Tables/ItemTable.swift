import CanonicalModel
import Storage
import Vocabulary

/// Everything that is stocked. Conversions are read with their item and never searched, so they are text.
let itemMigration = Migration("canonical-001-item") {
    """
    CREATE TABLE item (
        id \(.key) PRIMARY KEY,
        name TEXT NOT NULL, stocking_unit \(.key) NOT NULL, conversions TEXT NOT NULL, gtin \(.key),
        family \(.key), abc_class \(.key), xyz_class \(.key), criticality \(.key) NOT NULL, unit_cost BIGINT,
        currency \(.key), space BIGINT NOT NULL, superseded_by \(.key), is_retired SMALLINT NOT NULL,
        \(recordColumns))
    """
    "CREATE INDEX item_family ON item (family)"
    "CREATE INDEX item_gtin ON item (gtin)"
}

/// Finds the items whose place another one has taken from that one: a cycle asks for each chunk.
let successionMigration = Migration("canonical-013-item-succession") {
    "CREATE INDEX item_superseded ON item (superseded_by) WHERE superseded_by IS NOT NULL"
}

extension Item: StoredEntity {
    package static var table: String { "item" }

    package static var columns: [String] {
        [
            "name", "stocking_unit", "conversions", "gtin", "family", "abc_class", "xyz_class", "criticality",
            "unit_cost", "currency", "space", "superseded_by", "is_retired",
        ]
    }

    package var columnValues: [SQLValue] {
        get throws {
            try [
                name.sqlValue, stockingUnit.sqlValue, conversions.jsonColumn, gtin.sqlValue, family.sqlValue,
                abcClass.sqlValue, xyzClass.sqlValue, criticality.sqlValue, unitCost.sqlValue, currency.sqlValue,
                space.sqlValue, supersededBy.sqlValue, isRetired.sqlValue,
            ]
        }
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            id: id, name: columns.next(), stockingUnit: columns.next(), conversions: columns.json(), gtin: columns.next(),
            family: columns.next(), abcClass: columns.next(), xyzClass: columns.next(), criticality: columns.next(),
            unitCost: columns.next(), currency: columns.next(), space: columns.next(), supersededBy: columns.next(),
            isRetired: columns.next())
    }
}

extension ABCClass: SQLRepresentable {}
extension XYZClass: SQLRepresentable {}
extension Criticality: SQLRepresentable {}
