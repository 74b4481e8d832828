import CanonicalModel
import ConnectorKit
import Vocabulary

/// A policy change is written to the order point of the item and warehouse, or makes one.
///
/// The minimum is the reorder point and the target the order-up-to level; safety stock and fixed lots have no
/// field there. The figures are absolute, so that writing them again changes nothing.
struct OrderPoint: Sendable {
    static let model = "stock.order_point"
    private static let fields = ["type", "rec_name", "min_quantity", "target_quantity", "_timestamp"]

    let change: PolicyChange
    let reader: ActionReader

    func carryOut() async -> Outcome {
        do throws(Fault) {
            let (product, warehouse) = (try await reader.product(change.item), try await reader.warehouse(change.location))
            guard let existing = try await find(product, warehouse) else { return await create(product, warehouse) }
            if try isDone(existing) { return .done(external(existing)) }
            return await write(existing)
        } catch {
            return .notDone(error)
        }
    }

    func find() async throws(Fault) -> Finding {
        let (product, warehouse) = (try await reader.product(change.item), try await reader.warehouse(change.location))
        guard let existing = try await find(product, warehouse), try isDone(existing) else { return .absent }
        return .found(external(existing))
    }

    private func isDone(_ record: Record) throws(Fault) -> Bool {
        let minimum = try record.optionalQuantity("min_quantity")
        let target = try record.optionalQuantity("target_quantity")
        return minimum == change.levels.reorderPoint && target == change.levels.orderUpTo
    }

    /// The warehouse's order point, or that of its storage; buying goes before being fed, as in the policies feed.
    private func find(_ product: Record, _ warehouse: Record) async throws(Fault) -> Record? {
        let places = [try warehouse.id, try warehouse.integer("storage_location")]
        let found = try await reader.client.search(
            Self.model,
            [
                ["company", "=", .id(reader.session.company)], ["product", "=", .id(try product.id)],
                ["type", "in", ["purchase", "internal"]],
                ["location", "in", .ids(places)],
            ],
            Self.fields)
        return found.first { $0["type"] == "purchase" } ?? found.first
    }

    private var levels: [String: RPCValue] {
        ["min_quantity": .float(change.levels.reorderPoint), "target_quantity": .float(change.levels.orderUpTo)]
    }

    /// With the version that was read: if somebody wrote meanwhile, Tryton refuses and we look again later.
    private func write(_ existing: Record) async -> Outcome {
        do throws(CallFailure) {
            let id = existing["id"]
            let version: RPCValue = .object(["\(Self.model),\(id.json)": existing["_timestamp"]])
            _ = try await reader.client.call(
                "model.\(Self.model).write", [[id], .object(levels)], context: ["_timestamp": version])
            return .done(external(existing))
        } catch {
            return error.outcome
        }
    }

    private func create(_ product: Record, _ warehouse: Record) async -> Outcome {
        var values = levels
        values["type"] = "purchase"
        values["product"] = product["id"]
        values["location"] = warehouse["id"]
        values["company"] = .id(reader.session.company)
        do throws(CallFailure) {
            let created = try await reader.client.call("model.\(Self.model).create", [[.object(values)]])
            guard let id = created.elements?.first?.integer else {
                return .unknown("Tryton made an order point and did not tell which.")
            }
            let name = "\(product.optionalText("name") ?? "") @ \(warehouse.optionalText("name") ?? "")"
            return .done(ExternalDocument(kind: Self.model, number: name, externalID: String(id)))
        } catch {
            return error.outcome
        }
    }

    private func external(_ record: Record) -> ExternalDocument {
        ExternalDocument(
            kind: Self.model, number: record.optionalText("rec_name") ?? record.name,
            externalID: record["id"].integer.map(String.init) ?? "")
    }
}
