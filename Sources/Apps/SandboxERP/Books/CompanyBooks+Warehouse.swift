import Vocabulary

extension CompanyBooks {
    /// Takes goods of an open line onto the shelf of its location.
    ///
    /// Goods of a transfer that has not been shipped leave the origin's shelf in the same moment, so that
    /// stock is moved and never made.
    mutating func receive(_ input: ReceiptInput, _ now: Instant) throws(Fault) -> ERPDocument {
        try positive(input.quantity)
        var line = try openLine(input.line)
        let (quantity, item) = try inStockingUnit(input.quantity, input.unit, of: line.item)
        let outstanding = line.outstanding
        switch line.kind {
        case .purchaseRequisition: throw .conflict("Line \(line.id) was only asked for; nobody has ordered it yet.")
        case .purchaseOrder: break
        case .transfer:
            guard quantity <= outstanding else {
                throw .invalid("quantity", found: quantity.description, expected: "at most \(outstanding), which was sent")
            }
        }
        if line.kind == .transfer, line.status == .open, let origin = line.origin {
            try change(item, at: origin, now: now) { balance throws(Fault) in
                balance.onHand = try balance.onHand - quantity
                balance.allocated = try balance.allocated - quantity
            }
        }
        let cleared = min(quantity, outstanding)
        let (kind, status) = (line.kind, line.status)
        try change(item, at: line.location, now: now) { balance throws(Fault) in
            balance.onHand = try balance.onHand + quantity
            if kind == .purchaseOrder { balance.onOrder = try balance.onOrder - cleared }
            if kind == .transfer, status == .shipped { balance.inTransit = try balance.inTransit - cleared }
        }
        line.received = try line.received + quantity
        if line.received >= line.ordered { line.status = .received }
        line.changedAt = nextChange(at: now)
        openOrders.put(line)
        return note(.receipt, input.reference, "Received \(quantity) \(item.unit) of \(item.id) for \(line.id).", now)
    }

    mutating func adjust(_ input: StockAdjustmentInput, _ now: Instant) throws(Fault) -> ERPDocument {
        try known(location: input.location, field: "location")
        let (quantity, item) = try inStockingUnit(input.change, input.unit, of: input.item, field: "change")
        try change(item, at: input.location, now: now) { balance throws(Fault) in
            balance.onHand = try balance.onHand + quantity
        }
        let reason = input.reason.map { ": \($0)" } ?? ""
        return note(
            .stockAdjustment, input.reference,
            "Adjusted \(item.id) at \(input.location) by \(quantity) \(item.unit)\(reason).", now)
    }

    mutating func cancel(_ input: CancellationInput, _ now: Instant) throws(Fault) -> ERPDocument {
        var line = try openLine(input.line)
        guard line.status == .open else { throw .conflict("Line \(line.id) has been shipped and cannot be cancelled.") }
        guard let item = items[line.item] else { throw .notFound("Item \(line.item)") }
        let outstanding = line.outstanding
        if line.kind == .purchaseOrder {
            try change(item, at: line.location, now: now) { balance throws(Fault) in
                balance.onOrder = try balance.onOrder - outstanding
            }
        }
        if line.kind == .transfer, let origin = line.origin {
            try change(item, at: origin, now: now) { balance throws(Fault) in
                balance.allocated = try balance.allocated - outstanding
            }
        }
        line.status = .cancelled
        line.changedAt = nextChange(at: now)
        openOrders.put(line)
        return note(.cancellation, input.reference, "Cancelled what was outstanding of \(line.id).", now)
    }

    mutating func amend(_ input: AmendmentInput, _ now: Instant) throws(Fault) -> ERPDocument {
        try positive(input.quantity)
        var line = try openLine(input.line)
        let (quantity, item) = try inStockingUnit(input.quantity, input.unit, of: line.item)
        let more = try quantity - line.ordered
        if line.kind == .purchaseOrder {
            try change(item, at: line.location, now: now) { balance throws(Fault) in
                balance.onOrder = try balance.onOrder + more
            }
        }
        if line.kind == .transfer, line.status == .open, let origin = line.origin {
            try change(item, at: origin, now: now) { balance throws(Fault) in
                balance.allocated = try balance.allocated + more
            }
        }
        (line.ordered, line.askedQuantity, line.askedUnit) = (quantity, input.quantity, input.unit)
        line.changedAt = nextChange(at: now)
        openOrders.put(line)
        return note(.amendment, input.reference, "Changed \(line.id) to \(input.quantity) \(input.unit).", now)
    }

    private mutating func note(
        _ kind: ERPDocument.Kind, _ reference: String?, _ remark: String, _ now: Instant
    ) -> ERPDocument {
        let document = ERPDocument(
            number: nextNumber(kind), kind: kind, reference: reference, createdAt: now, lines: [], remark: remark)
        file(document)
        return document
    }
}
