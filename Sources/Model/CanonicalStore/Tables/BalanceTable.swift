import CanonicalModel
import Storage
import Vocabulary

/// What each location has of each item.
let balanceMigration = Migration("canonical-007-balance") {
    """
    CREATE TABLE balance (
        id \(.key) PRIMARY KEY,
        item \(.key) NOT NULL, location \(.key) NOT NULL, on_hand BIGINT NOT NULL, allocated BIGINT NOT NULL,
        in_transit BIGINT NOT NULL, on_order BIGINT NOT NULL,
        \(recordColumns))
    """
    "CREATE INDEX balance_location ON balance (location, item)"
    "CREATE INDEX balance_item ON balance (item)"
    "CREATE INDEX balance_round ON balance (source_system, round_at)"
}

extension Balance: StoredEntity {
    package static var table: String { "balance" }

    package static var columns: [String] {
        [
            "item", "location", "on_hand", "allocated", "in_transit", "on_order",
        ]
    }

    package var columnValues: [SQLValue] {
        [
            item.sqlValue, location.sqlValue, onHand.sqlValue, allocated.sqlValue, inTransit.sqlValue,
            onOrder.sqlValue,
        ]
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            item: columns.next(), location: columns.next(), onHand: columns.next(), allocated: columns.next(),
            inTransit: columns.next(), onOrder: columns.next())
    }
}
