import Vocabulary

/// A numbered piece of business in the ERP, found again by its number or by its writer's reference.
package struct ERPDocument: Codable, Sendable {
    package let number: String
    package let kind: Kind
    package let reference: String?
    package let createdAt: Instant
    /// The lines in flight that this document opened; empty for a policy change, receipt or adjustment.
    package var lines: [ERPOpenOrder]
    /// The settings as this document left them.
    package var policy: ERPPolicy?
    /// Words for a person: what a receipt or an adjustment did.
    package var remark: String?

    package enum Kind: String, Codable, Sendable, CaseIterable {
        case purchaseRequisition, transfer, purchaseOrder, policyChange, receipt, stockAdjustment, cancellation, amendment

        /// What its numbers begin with.
        var prefix: String {
            switch self {
            case .purchaseRequisition: "PR"
            case .transfer: "TR"
            case .purchaseOrder: "PO"
            case .policyChange: "PC"
            case .receipt: "GR"
            case .stockAdjustment: "SA"
            case .cancellation: "CN"
            case .amendment: "AM"
            }
        }
    }
}
