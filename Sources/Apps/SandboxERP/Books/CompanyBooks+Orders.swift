import Vocabulary

extension CompanyBooks {
    /// Carries a write out, or throws and leaves everything as it was.
    ///
    /// The functions below refuse before they change anything; a receipt, which changes two shelves, works on a copy.
    mutating func apply(_ order: WriteOrder, at now: Instant) throws(Fault) -> WriteEffect {
        switch order {
        case .purchaseRequisition(let input):
            .created(try buy(input, as: .purchaseRequisition, number: .purchaseRequisition, now))
        case .purchaseOrder(let input):
            .created(try buy(input, as: .purchaseOrder, number: .purchaseOrder, now))
        case .transfer(let input): .created(try move(input, now))
        case .policy(let input, let item, let location, let ifMatch):
            try set(input, item: item, location: location, ifMatch: ifMatch, now)
        case .receipt(let input): .created(try receiveWhole(input, now))
        case .stockAdjustment(let input): .created(try adjust(input, now))
        case .cancellation(let input): .created(try cancel(input, now))
        case .amendment(let input): .created(try amend(input, now))
        }
    }

    private mutating func receiveWhole(_ input: ReceiptInput, _ now: Instant) throws(Fault) -> ERPDocument {
        var attempt = self
        let document = try attempt.receive(input, now)
        self = attempt
        return document
    }

    private mutating func buy(
        _ input: PurchaseInput, as kind: ERPOpenOrder.Kind, number: ERPDocument.Kind, _ now: Instant
    ) throws(Fault) -> ERPDocument {
        guard !input.quantities.isEmpty else {
            throw .invalid("quantities", found: "[]", expected: "at least one quantity")
        }
        try known(location: input.location, field: "location")
        if let supplier = input.supplier, suppliers[supplier] == nil {
            throw .invalid("supplier", found: supplier, expected: "a supplier of this company")
        }
        var asked: [(quantity: Quantity, stocking: Quantity)] = []
        for quantity in input.quantities {
            try positive(quantity)
            asked.append((quantity, try inStockingUnit(quantity, input.unit, of: input.item).quantity))
        }
        let item = try inStockingUnit(.zero, input.unit, of: input.item).item
        if kind == .purchaseOrder {
            let total = try Quantity.sum(asked.map(\.stocking))
            try change(item, at: input.location, now: now) { balance throws(Fault) in
                balance.onOrder = try balance.onOrder + total
            }
        }
        return open(number, reference: input.reference, now) { number, changedAt in
            asked.enumerated().map { index, quantity in
                ERPOpenOrder(
                    id: "\(number)/\(index + 1)", changedAt: changedAt, document: number, kind: kind,
                    item: item.id, location: input.location, supplier: input.supplier, origin: nil, unit: item.unit,
                    ordered: quantity.stocking, received: .zero, askedQuantity: quantity.quantity, askedUnit: input.unit,
                    dueOn: input.dueOn, committedOn: nil, committedQuantity: nil, status: .open, reference: input.reference)
            }
        }
    }

    private mutating func move(_ input: TransferInput, _ now: Instant) throws(Fault) -> ERPDocument {
        try positive(input.quantity)
        try known(location: input.origin, field: "origin")
        try known(location: input.destination, field: "destination")
        guard input.origin != input.destination else {
            throw .invalid("destination", found: input.destination, expected: "a location other than the origin")
        }
        let (quantity, item) = try inStockingUnit(input.quantity, input.unit, of: input.item)
        try change(item, at: input.origin, now: now) { balance throws(Fault) in
            balance.allocated = try balance.allocated + quantity
        }
        return open(.transfer, reference: input.reference, now) { number, changedAt in
            [
                ERPOpenOrder(
                    id: "\(number)/1", changedAt: changedAt, document: number, kind: .transfer, item: item.id,
                    location: input.destination, supplier: nil, origin: input.origin, unit: item.unit, ordered: quantity,
                    received: .zero, askedQuantity: input.quantity, askedUnit: input.unit, shipOn: input.shipOn,
                    dueOn: input.dueOn, committedOn: nil, committedQuantity: nil, status: .open, reference: input.reference)
            ]
        }
    }

    private mutating func open(
        _ kind: ERPDocument.Kind, reference: String?, _ now: Instant, lines: (String, Instant) -> [ERPOpenOrder]
    ) -> ERPDocument {
        let number = nextNumber(kind)
        var opened = lines(number, now)
        for index in opened.indices {
            opened[index].changedAt = nextChange(at: now)
            openOrders.put(opened[index])
        }
        let document = ERPDocument(number: number, kind: kind, reference: reference, createdAt: now, lines: opened)
        file(document)
        return document
    }

    private mutating func set(
        _ input: PolicyInput, item: String, location: String, ifMatch: Int?, _ now: Instant
    ) throws(Fault) -> WriteEffect {
        guard var policy = policies[Self.pairID(item, location)] else {
            throw .notFound("A policy of item \(item) at location \(location)")
        }
        if let ifMatch, ifMatch != policy.version {
            throw Fault(.staleVersion, .reject, "The policy has version \(policy.version), not \(ifMatch).")
        }
        let (earlier, unit) = (policy, input.unit ?? policy.unit)
        let wanted: [(WritableKeyPath<ERPPolicy, Quantity>, Quantity, String)] = [
            (\.reorderPoint, input.reorderPoint, "reorderPoint"), (\.safetyStock, input.safetyStock, "safetyStock"),
            (\.orderUpTo, input.orderUpTo, "orderUpTo"),
        ]
        for (path, value, field) in wanted {
            guard !value.isNegative else { throw .invalid(field, found: value.description, expected: "zero or more") }
            policy[keyPath: path] = try inStockingUnit(value, unit, of: item, field: field).quantity
        }
        policy.orderQuantity = try input.orderQuantity.map { quantity throws(Fault) in
            try inStockingUnit(quantity, unit, of: item, field: "orderQuantity").quantity
        }
        policy.serviceTarget = input.serviceTarget ?? policy.serviceTarget
        policy.serviceTargetType = input.serviceTargetType ?? policy.serviceTargetType
        policy.trigger = input.trigger ?? policy.trigger
        policy.reference = input.reference
        let last = input.reference.flatMap { documents(reference: $0).last { $0.kind == .policyChange } }
        if let last, input.reference == earlier.reference, policy.says(theSameAs: earlier) { return .unchanged(last) }
        policy.version += 1
        policy.reviewedOn = TimeZoneName.utc.date(at: now)
        policy.changedAt = nextChange(at: now)
        policies.put(policy)
        let document = ERPDocument(
            number: nextNumber(.policyChange), kind: .policyChange, reference: input.reference, createdAt: now, lines: [],
            policy: policy)
        file(document)
        return .created(document)
    }
}

extension ERPPolicy {
    fileprivate func says(theSameAs other: ERPPolicy) -> Bool {
        reorderPoint == other.reorderPoint && safetyStock == other.safetyStock && orderUpTo == other.orderUpTo
            && orderQuantity == other.orderQuantity && serviceTarget == other.serviceTarget
            && serviceTargetType == other.serviceTargetType && trigger == other.trigger
    }
}

extension Fault.Code {
    /// `If-Match` named a version that is no longer the current one.
    static let staleVersion = Self("sandboxERP.staleVersion")
}
