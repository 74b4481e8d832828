import CanonicalModel
import ConnectorKit
import Vocabulary

/// One action in the sandbox ERP's words: where it goes, what it says, and how it is recognised when read back.
struct SandboxOrder: Sendable {
    let action: Action
    let reference: Reference
    let names: Crosswalk

    init(_ action: Action, reference: Reference, names: Crosswalk) {
        self.action = action
        self.reference = reference
        self.names = names
    }

    var method: String { action.kind == .setInventoryPolicy ? "PUT" : "POST" }

    var path: String {
        switch action {
        case .createPurchaseProposal: "/purchase-requisitions"
        case .createTransfer: "/transfers"
        case .setInventoryPolicy(let change):
            "/policies/\(percentEncoded(item))/\(percentEncoded(names.externalID(of: change.location)))"
        }
    }

    /// The kind of document that it becomes.
    private var documentKind: String {
        switch action {
        case .createPurchaseProposal: "purchaseRequisition"
        case .createTransfer: "transfer"
        case .setInventoryPolicy: "policyChange"
        }
    }

    private var item: String { names.externalID(of: action.item) }

    func body() throws(Fault) -> [UInt8] {
        let reference = self.reference.rawValue
        switch action {
        case .createPurchaseProposal(let purchase):
            return try JSON.bytes(
                of: PurchaseBody(
                    reference: reference, item: item, location: names.externalID(of: purchase.location),
                    supplier: names.externalID(of: purchase.supplier), quantities: purchase.quantities, unit: purchase.unit,
                    dueOn: purchase.dueOn))
        case .createTransfer(let transfer):
            return try JSON.bytes(
                of: TransferBody(
                    reference: reference, item: item, origin: names.externalID(of: transfer.origin),
                    destination: names.externalID(of: transfer.destination), quantity: transfer.quantity,
                    unit: transfer.unit, shipOn: transfer.shipOn, dueOn: transfer.dueOn))
        case .setInventoryPolicy(let change):
            return try JSON.bytes(
                of: PolicyBody(
                    reference: reference, reorderPoint: change.levels.reorderPoint, safetyStock: change.levels.safetyStock,
                    orderUpTo: change.levels.orderUpTo, orderQuantity: change.levels.orderQuantity))
        }
    }

    /// In what `document` is not this order; nil when it is.
    func difference(from document: SandboxDocument) -> String? {
        guard document.reference == reference.rawValue else {
            return "its reference is \(document.reference ?? "missing"), not \(reference)"
        }
        guard document.kind == documentKind else { return "it is a \(document.kind), not a \(documentKind)" }
        switch action {
        case .createPurchaseProposal(let purchase): return difference(from: document.lines, purchase)
        case .createTransfer(let transfer): return difference(from: document.lines, transfer)
        case .setInventoryPolicy(let change):
            guard let policy = document.policy else { return "it holds no policy" }
            guard policy.item == item, policy.location == names.externalID(of: change.location) else {
                return "it is about \(policy.item) at \(policy.location)"
            }
            return policy.levels == change.levels ? nil : "its levels are \(policy.levels), not \(change.levels)"
        }
    }

    private func difference(from lines: [SandboxOrderLine], _ purchase: PurchaseProposal) -> String? {
        let location = names.externalID(of: purchase.location)
        let supplier = names.externalID(of: purchase.supplier)
        guard lines.map(\.askedQuantity) == purchase.quantities, lines.allSatisfy({ $0.askedUnit == purchase.unit }) else {
            return "it asks for \(asked(lines)), not \(purchase.quantities.map(\.description)) \(purchase.unit)"
        }
        let matches = lines.allSatisfy {
            $0.item == item && $0.location == location && $0.supplier == supplier && $0.dueOn == purchase.dueOn
        }
        return matches ? nil : "item, location, supplier or date differ: \(told(lines))"
    }

    private func difference(from lines: [SandboxOrderLine], _ transfer: TransferProposal) -> String? {
        let (origin, destination) = (names.externalID(of: transfer.origin), names.externalID(of: transfer.destination))
        guard lines.map(\.askedQuantity) == [transfer.quantity], lines.allSatisfy({ $0.askedUnit == transfer.unit }) else {
            return "it moves \(asked(lines)), not \(transfer.quantity) \(transfer.unit)"
        }
        let matches = lines.allSatisfy {
            $0.item == item && $0.location == destination && $0.origin == origin && $0.dueOn == transfer.dueOn
        }
        return matches ? nil : "item, locations or date differ: \(told(lines))"
    }

    private func asked(_ lines: [SandboxOrderLine]) -> String {
        lines.map { "\($0.askedQuantity) \($0.askedUnit)" }.joined(separator: " and ")
    }

    private func told(_ lines: [SandboxOrderLine]) -> String {
        lines.map { "\($0.item) from \($0.origin ?? $0.supplier ?? "nobody") to \($0.location) on \($0.dueOn)" }
            .joined(separator: "; ")
    }
}

private struct PurchaseBody: Encodable {
    let reference: String
    let item: String
    let location: String
    let supplier: String
    let quantities: [Quantity]
    let unit: UnitCode
    let dueOn: BusinessDate
}

private struct TransferBody: Encodable {
    let reference: String
    let item: String
    let origin: String
    let destination: String
    let quantity: Quantity
    let unit: UnitCode
    let shipOn: BusinessDate
    let dueOn: BusinessDate
}

private struct PolicyBody: Encodable {
    let reference: String
    let reorderPoint: Quantity
    let safetyStock: Quantity
    let orderUpTo: Quantity
    let orderQuantity: Quantity?
}
