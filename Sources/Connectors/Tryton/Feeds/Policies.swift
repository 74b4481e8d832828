import CanonicalModel
import ConnectorKit
import Vocabulary

/// An order point is an inventory policy: its minimum the reorder point, its target the order-up-to level.
///
/// Tryton orders when the projected stock falls below the minimum, and has no safety stock of its own: it
/// is part of the minimum.
extension FeedReader {
    private static let policyFields =
        ["type", "product.id", "product.code", "location", "provisioning_location", "min_quantity", "target_quantity"]

    func policies(_ round: FeedRound) async throws(Fault) -> Page {
        let slice = try await records(
            "stock.order_point", [ofCompany(), ["type", "in", ["purchase", "internal"]]], Self.policyFields, round)
        let places = slice.records.flatMap { [$0["location"].integer, $0["provisioning_location"].integer].compactMap { $0 } }
        let warehouses = try await WarehouseCodes(above: places, client: client)
        let bought = try await boughtBeside(slice.records)
        var harvest = Harvest(observedAt: observedAt)
        for record in slice.records {
            harvest.take(record) { record, harvest throws(Fault) in
                guard let policy = try policy(record, warehouses) else { return }
                if record["type"] == "internal", bought.contains(policy.id.rawValue) {
                    throw .invalid(
                        "type", found: "internal", expected: "one order point only: the warehouse also buys this product")
                }
                try harvest.add(policy, as: .policy(policy), externalID: String(try record.id))
            }
        }
        return page(harvest, slice, round, stages: 1, end: nil)
    }

    /// Nil for an order point that moves goods within one warehouse, from the racks to the picking places.
    private func policy(_ record: Record, _ warehouses: WarehouseCodes) throws(Fault) -> InventoryPolicy? {
        guard let code = warehouses[record["location"].integer] else {
            throw record.invalid("location", "a location inside a warehouse that has a code")
        }
        var fedFrom: String?
        if record["type"] == "internal" {
            guard let from = warehouses[record["provisioning_location"].integer] else {
                throw record.invalid("provisioning_location", "a location inside a warehouse that has a code")
            }
            if from == code { return nil }
            fedFrom = from
        }
        return InventoryPolicy(
            item: names.item(try record.code("product.code")), location: names.location(code),
            levels: PolicyLevels(
                reorderPoint: try record.quantity("min_quantity"), safetyStock: .zero,
                orderUpTo: try record.quantity("target_quantity")),
            trigger: .below, fedFrom: fedFrom.map(names.location))
    }

    /// The policies that purchase order points make for the items of the internal ones in `records`.
    private func boughtBeside(_ records: [Record]) async throws(Fault) -> Set<String> {
        let products = Set(records.filter { $0["type"] == "internal" }.compactMap { $0["product.id"].integer })
        guard !products.isEmpty else { return [] }
        let found = try await search(
            "stock.order_point", [ofCompany(), ["type", "=", "purchase"], ["product", "in", .ids(products.sorted())]],
            ["product.code", "location.code"])
        return Set(
            found.compactMap { record in
                guard let item = record.optionalText("product.code"), let place = record.optionalText("location.code") else {
                    return nil
                }
                return ID<InventoryPolicy>.joining(names.item(item).rawValue, names.location(place).rawValue).rawValue
            })
    }
}
