import CanonicalModel
import ConnectorKit
import Vocabulary

/// A purchase proposal is a purchase requisition, brought to `waiting`.
///
/// `waiting` is where Tryton's approvers look; a draft is seen by nobody. Approving it, and making a purchase of
/// it, stays with the ERP's people. The order quantity rules are not enforced on it by Tryton: they were applied
/// when the proposal was decided.
struct PurchaseDocument: TrackedDocument {
    static let model = "purchase.requisition"
    static let referenceField = "description"
    static let fields = [
        "number", "state", "description", "supply_date", "warehouse.code", "currency.code", "lines.product.code",
        "lines.quantity", "lines.unit.symbol", "lines.supplier.code", "lines.unit_price",
    ]

    let purchase: PurchaseProposal
    let reader: ActionReader

    func values(reference: Reference) async throws(Fault) -> RPCValue {
        guard let employee = reader.session.employee else {
            throw .unauthorized("The user \(reader.client.settings.user) is no employee in Tryton, and a requisition needs one.")
        }
        let product = try await reader.product(purchase.item)
        let unit = try reader.unit(purchase.unit, of: product)
        let supplier = try await reader.supplier(purchase.supplier).id
        let (id, price) = (try product.id, RPCValue.decimal(purchase.unitPrice))
        let lines = purchase.quantities.map { quantity -> RPCValue in
            ["product": .id(id), "quantity": .float(quantity), "unit": .id(unit), "supplier": .id(supplier), "unit_price": price]
        }
        return [
            "company": .id(reader.session.company), "employee": .id(employee), "description": .text(reference.rawValue),
            "supply_date": .date(purchase.dueOn), "warehouse": .id(try await reader.warehouse(purchase.location).id),
            "currency": .id(try await reader.currency(purchase.currency).id), "lines": [["create", .list(lines)]],
        ]
    }

    func difference(in document: Record) throws(Fault) -> String? {
        var differences = Differences()
        differences.compare("warehouse", document.optionalText("warehouse.code"), reader.names.externalID(of: purchase.location))
        differences.compare("due on", try document.optionalDate("supply_date"), purchase.dueOn)
        differences.compare("currency", document.optionalText("currency.code"), purchase.currency.rawValue)
        var quantities: [Quantity] = []
        for line in try document.records("lines") {
            differences.compare("item", line.optionalText("product.code"), reader.names.externalID(of: purchase.item))
            differences.compare("supplier", line.optionalText("supplier.code"), reader.names.externalID(of: purchase.supplier))
            differences.compare("unit", try reader.units.code(in: line, "unit"), purchase.unit)
            differences.compare("price", try line.optionalMoney("unit_price"), purchase.unitPrice)
            quantities.append(try line.quantity("quantity"))
        }
        differences.compare("quantities", quantities.sorted().description, purchase.quantities.sorted().description)
        return differences.text
    }
}
