import CanonicalModel
import Storage
import Vocabulary

/// Everything that was ordered. The indices over open lines leave out the closed ones, which soon are nearly all.
let supplyLineMigration = Migration("canonical-008-supply-line") {
    """
    CREATE TABLE supply_line (
        id \(.key) PRIMARY KEY,
        order_number \(.key) NOT NULL, kind \(.key) NOT NULL, state \(.key) NOT NULL, item \(.key) NOT NULL,
        destination \(.key) NOT NULL, origin \(.key), supplier \(.key), ordered BIGINT NOT NULL,
        received BIGINT NOT NULL, due_on \(.key), committed_on \(.key), committed_quantity BIGINT,
        reference \(.key),
        \(recordColumns))
    """
    "CREATE INDEX supply_line_open ON supply_line (item, destination) WHERE state NOT IN ('received', 'cancelled')"
    "CREATE INDEX supply_line_destination ON supply_line (destination)"
    "CREATE INDEX supply_line_reference ON supply_line (reference)"
    "CREATE INDEX supply_line_round ON supply_line (source_system, round_at) WHERE state NOT IN ('received', 'cancelled')"
}

/// When lines were ordered and arrived: what lead times are measured from.
let receiptMigration = Migration("canonical-014-receipts", isAdditive: true) {
    "ALTER TABLE supply_line ADD COLUMN ordered_on \(.key)"
    "ALTER TABLE supply_line ADD COLUMN received_on \(.key)"
    """
    CREATE INDEX supply_line_received ON supply_line (item, destination, received_on)
    WHERE received_on IS NOT NULL
    """
    "CREATE INDEX supply_line_supplier ON supply_line (supplier, received_on) WHERE received_on IS NOT NULL"
}

extension SupplyLine: StoredEntity {
    package static var table: String { "supply_line" }

    package static var columns: [String] {
        [
            "order_number", "kind", "state", "item", "destination", "origin", "supplier", "ordered", "received",
            "due_on", "committed_on", "committed_quantity", "reference", "ordered_on", "received_on",
        ]
    }

    package static var laterColumns: Int { 2 }

    package var columnValues: [SQLValue] {
        [
            order.sqlValue, kind.sqlValue, state.sqlValue, item.sqlValue, destination.sqlValue, origin.sqlValue,
            supplier.sqlValue, ordered.sqlValue, received.sqlValue, dueOn.sqlValue, committedOn.sqlValue,
            committedQuantity.sqlValue, reference.sqlValue, orderedOn.sqlValue, receivedOn.sqlValue,
        ]
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            id: id, order: columns.next(), kind: columns.next(), state: columns.next(), item: columns.next(),
            destination: columns.next(), origin: columns.next(), supplier: columns.next(), ordered: columns.next(),
            received: columns.next(), dueOn: columns.next(), committedOn: columns.next(),
            committedQuantity: columns.next(), reference: columns.next(), orderedOn: columns.next(),
            receivedOn: columns.next())
    }
}

extension SupplyKind: SQLRepresentable {}
extension SupplyState: SQLRepresentable {}
