import Vocabulary

/// A write as a client asked for it, before the books have judged it.
enum WriteOrder: Codable, Sendable, Hashable {
    case purchaseRequisition(PurchaseInput)
    case purchaseOrder(PurchaseInput)
    case transfer(TransferInput)
    case policy(PolicyInput, item: String, location: String, ifMatch: Int?)
    case receipt(ReceiptInput)
    case stockAdjustment(StockAdjustmentInput)
    case cancellation(CancellationInput)
    case amendment(AmendmentInput)

    var reference: String? {
        switch self {
        case .purchaseRequisition(let input), .purchaseOrder(let input): input.reference
        case .transfer(let input): input.reference
        case .policy(let input, _, _, _): input.reference
        case .receipt(let input): input.reference
        case .stockAdjustment(let input): input.reference
        case .cancellation(let input): input.reference
        case .amendment(let input): input.reference
        }
    }
}

/// Body of `POST /purchase-requisitions` and `POST /purchase-orders`.
struct PurchaseInput: Codable, Sendable, Hashable {
    var reference: String?
    let item: String
    let location: String
    var supplier: String?
    /// One line each; more than one only where an order is split.
    let quantities: [Quantity]
    let unit: UnitCode
    let dueOn: BusinessDate
}

/// Body of `POST /transfers`.
struct TransferInput: Codable, Sendable, Hashable {
    var reference: String?
    let item: String
    let origin: String
    let destination: String
    let quantity: Quantity
    let unit: UnitCode
    var shipOn: BusinessDate?
    let dueOn: BusinessDate
}

/// Body of `PUT /policies/{item}/{location}`: the values that shall hold, not a change to them.
struct PolicyInput: Codable, Sendable, Hashable {
    var reference: String?
    /// The item's stocking unit if left out.
    var unit: UnitCode?
    let reorderPoint: Quantity
    let safetyStock: Quantity
    let orderUpTo: Quantity
    /// A fixed lot; none when left out.
    var orderQuantity: Quantity?
    var serviceTarget: Quantity?
    var serviceTargetType: ServiceTargetType?
    var trigger: ReorderTrigger?
}

/// Body of `POST /receipts`: the warehouse has taken goods in.
struct ReceiptInput: Codable, Sendable, Hashable {
    var reference: String?
    /// The id of an open order line, such as `PO-000012/1`.
    let line: String
    let quantity: Quantity
    let unit: UnitCode
}

/// Body of `POST /stock-adjustments`: a count came out different.
struct StockAdjustmentInput: Codable, Sendable, Hashable {
    var reference: String?
    let item: String
    let location: String
    /// What is added to the shelf; negative takes away.
    let change: Quantity
    let unit: UnitCode
    var reason: String?
}

/// Body of `POST /cancellations`: what has not arrived of a line will not come.
struct CancellationInput: Codable, Sendable, Hashable {
    var reference: String?
    let line: String
}

/// Body of `POST /amendments`: a buyer has changed how much an open line is about.
struct AmendmentInput: Codable, Sendable, Hashable {
    var reference: String?
    let line: String
    let quantity: Quantity
    let unit: UnitCode
}
