import CanonicalModel
import ConnectorKit
import Vocabulary

/// A transfer is an internal shipment from one warehouse's storage to another's, brought to `waiting`.
///
/// A draft is somebody's sheet of paper; `waiting` gives it a number, its way through transit and a place on the
/// warehouse's list. Nothing is reserved or moved: assigning and shipping stay with the warehouse.
struct TransferDocument: TrackedDocument {
    static let model = "stock.shipment.internal"
    static let referenceField = "reference"
    static let fields = [
        "number", "state", "reference", "warehouse.code", "to_warehouse.code", "transit_location", "planned_date",
        "planned_start_date", "moves.product.code", "moves.internal_quantity", "moves.to_location", "moves.state",
    ]

    let transfer: TransferProposal
    let reader: ActionReader

    func values(reference: Reference) async throws(Fault) -> RPCValue {
        let product = try await reader.product(transfer.item)
        let stocking = try reader.units.code(in: product, "default_uom")
        guard stocking == transfer.unit else {
            throw Fault(
                .unknownConversion, .review(by: "masterData"),
                "The transfer counts in \(transfer.unit), but Tryton stocks \(transfer.item) in \(stocking).")
        }
        let (from, to) = (try await storage(transfer.origin), try await storage(transfer.destination))
        return [
            "company": .id(reader.session.company), "reference": .text(reference.rawValue), "from_location": from,
            "to_location": to,
            "planned_start_date": .date(transfer.shipOn), "planned_date": .date(transfer.dueOn),
            "moves": [
                [
                    "create",
                    [
                        [
                            "product": .id(try product.id), "quantity": .float(transfer.quantity),
                            "unit": product["default_uom.id"],
                            "from_location": from, "to_location": to, "company": .id(reader.session.company),
                        ]
                    ],
                ]
            ],
        ]
    }

    private func storage(_ location: ID<Location>) async throws(Fault) -> RPCValue {
        .id(try await reader.warehouse(location).integer("storage_location"))
    }

    func difference(in document: Record) throws(Fault) -> String? {
        var differences = Differences()
        differences.compare("from", document.optionalText("warehouse.code"), reader.names.externalID(of: transfer.origin))
        differences.compare("to", document.optionalText("to_warehouse.code"), reader.names.externalID(of: transfer.destination))
        differences.compare("due on", try document.optionalDate("planned_date"), transfer.dueOn)
        differences.compare("leaves on", try document.optionalDate("planned_start_date"), transfer.shipOn)
        var total = Quantity.zero
        for move in try document.records("moves") where move["state"] != "cancelled" {
            if !document["transit_location"].isNull, move["to_location"] == document["transit_location"] { continue }
            differences.compare("item", move.optionalText("product.code"), reader.names.externalID(of: transfer.item))
            total = try total + move.quantity("internal_quantity")
        }
        differences.compare("quantity", total, transfer.quantity)
        return differences.text
    }
}

/// Collects what is not as it was asked for, for people.
struct Differences {
    private var found: [String] = []

    mutating func compare<Value: Equatable & CustomStringConvertible>(_ what: String, _ there: Value?, _ asked: Value) {
        if there != asked { found.append("\(what) is \(there.map(\.description) ?? "empty") instead of \(asked)") }
    }

    var text: String? { found.isEmpty ? nil : found.joined(separator: ", ") }
}
