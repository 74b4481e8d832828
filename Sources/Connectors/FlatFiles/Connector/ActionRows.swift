import CanonicalModel
import ConnectorKit
import Vocabulary

/// An action as CSV, in the names of the system that is to read it: equal actions have equal bytes.
enum ActionRows {
    static func bytes(of action: Action, reference: Reference, names: Crosswalk) -> [UInt8] {
        var writer = CSVWriter()
        switch action {
        case .setInventoryPolicy(let change):
            writer.row(["reference", "kind", "item", "location", "reorderPoint", "safetyStock", "orderUpTo", "orderQuantity"])
            writer.row([
                reference.rawValue, action.kind.rawValue, names.externalID(of: change.item),
                names.externalID(of: change.location),
                "\(change.levels.reorderPoint)", "\(change.levels.safetyStock)", "\(change.levels.orderUpTo)",
                change.levels.orderQuantity?.description ?? "",
            ])
        case .createTransfer(let transfer):
            writer.row(["reference", "kind", "item", "origin", "destination", "quantity", "unit", "shipOn", "dueOn"])
            writer.row([
                reference.rawValue, action.kind.rawValue, names.externalID(of: transfer.item),
                names.externalID(of: transfer.origin), names.externalID(of: transfer.destination), "\(transfer.quantity)",
                "\(transfer.unit)", "\(transfer.shipOn)", "\(transfer.dueOn)",
            ])
        case .createPurchaseProposal(let purchase):
            writer.row([
                "reference", "kind", "order", "item", "location", "supplier", "quantity", "unit", "unitPrice", "currency",
                "orderOn",
                "dueOn",
            ])
            for (index, quantity) in purchase.quantities.enumerated() {
                writer.row([
                    reference.rawValue, action.kind.rawValue, "\(index + 1)", names.externalID(of: purchase.item),
                    names.externalID(of: purchase.location), names.externalID(of: purchase.supplier), "\(quantity)",
                    "\(purchase.unit)", "\(purchase.unitPrice)", purchase.currency.rawValue, "\(purchase.orderOn)",
                    "\(purchase.dueOn)",
                ])
            }
        }
        return writer.bytes
    }
}
