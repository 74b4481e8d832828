import CanonicalModel
import Storage
import Vocabulary

/// How each item is replenished at each location; the levels are columns, because reports compare them.
let inventoryPolicyMigration = Migration("canonical-006-inventory-policy") {
    """
    CREATE TABLE inventory_policy (
        id \(.key) PRIMARY KEY,
        item \(.key) NOT NULL, location \(.key) NOT NULL, reorder_point BIGINT NOT NULL,
        safety_stock BIGINT NOT NULL, order_up_to BIGINT NOT NULL, order_quantity BIGINT,
        service_target DOUBLE PRECISION NOT NULL, service_target_type \(.key) NOT NULL,
        trigger_rule \(.key) NOT NULL, cap_rule \(.key) NOT NULL, review_days BIGINT NOT NULL, fed_from \(.key),
        \(recordColumns))
    """
    "CREATE INDEX inventory_policy_location ON inventory_policy (location, item)"
}

extension InventoryPolicy: StoredEntity {
    package static var table: String { "inventory_policy" }

    package static var columns: [String] {
        [
            "item", "location", "reorder_point", "safety_stock", "order_up_to", "order_quantity", "service_target",
            "service_target_type", "trigger_rule", "cap_rule", "review_days", "fed_from",
        ]
    }

    package var columnValues: [SQLValue] {
        [
            item.sqlValue, location.sqlValue, levels.reorderPoint.sqlValue, levels.safetyStock.sqlValue,
            levels.orderUpTo.sqlValue, levels.orderQuantity.sqlValue, serviceTarget.sqlValue,
            serviceTargetType.sqlValue, trigger.sqlValue, capRule.sqlValue, reviewDays.sqlValue, fedFrom.sqlValue,
        ]
    }

    package init(id: ID<Self>, reading columns: inout ColumnReader) throws {
        try self.init(
            item: columns.next(), location: columns.next(),
            levels: PolicyLevels(
                reorderPoint: columns.next(), safetyStock: columns.next(), orderUpTo: columns.next(),
                orderQuantity: columns.next()),
            serviceTarget: columns.next(), serviceTargetType: columns.next(), trigger: columns.next(), capRule: columns.next(),
            reviewDays: columns.next(), fedFrom: columns.next())
    }
}

extension ServiceTargetType: SQLRepresentable {}
extension Trigger: SQLRepresentable {}
extension CapRule: SQLRepresentable {}
