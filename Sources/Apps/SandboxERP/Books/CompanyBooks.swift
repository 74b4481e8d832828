import Vocabulary

/// The whole business data of the ERP as one value, so that a backup is a copy.
struct CompanyBooks: Sendable {
    var items: FeedTable<ERPItem>
    var locations: FeedTable<ERPLocation>
    var suppliers: FeedTable<ERPSupplier>
    var sourcing: FeedTable<ERPSourcing>
    var lanes: FeedTable<ERPLane>
    var policies: FeedTable<ERPPolicy>
    var balances: FeedTable<ERPBalance>
    var openOrders: FeedTable<ERPOpenOrder>
    var demand: FeedTable<ERPDemand>
    private var documents: [String: ERPDocument] = [:]
    private var numbersByReference: [String: [String]] = [:]
    private var counts: [ERPDocument.Kind: Int] = [:]
    private var latestChange = Instant.epoch
    /// What came of each idempotency key, with the write it was used for.
    private var usedKeys: [String: (order: WriteOrder, number: String)] = [:]

    init(_ sample: SampleDistributor) {
        items = FeedTable(sample.items)
        locations = FeedTable(sample.locations)
        suppliers = FeedTable(sample.suppliers)
        sourcing = FeedTable(sample.sourcing)
        lanes = FeedTable(sample.lanes)
        policies = FeedTable(sample.policies)
        balances = FeedTable(sample.balances)
        openOrders = FeedTable(sample.openOrders)
        demand = FeedTable(sample.demand)
        latestChange = sample.loadedAt
        for line in sample.openOrders {
            let kind: ERPDocument.Kind = line.kind == .transfer ? .transfer : .purchaseOrder
            counts[kind, default: 0] += 1
            documents[line.document] = ERPDocument(
                number: line.document, kind: kind, reference: nil, createdAt: line.changedAt, lines: [line])
        }
    }

    /// The document of this number with its lines as they stand now.
    func document(_ number: String) -> ERPDocument? {
        guard var document = documents[number] else { return nil }
        document.lines = document.lines.map { openOrders[$0.id] ?? $0 }
        return document
    }

    /// Documents that carry `reference`, oldest first.
    func documents(reference: String) -> [ERPDocument] {
        (numbersByReference[reference] ?? []).compactMap(document)
    }

    /// What came of `key`, or nil when it is new.
    ///
    /// - Throws: `input.conflict` when the key was used for another write.
    func outcome(ofKey key: String, for order: WriteOrder) throws(Fault) -> ERPDocument? {
        guard let used = usedKeys[key] else { return nil }
        guard used.order == order else {
            throw .conflict("The idempotency key \(key) was used for another write, which became \(used.number).")
        }
        return document(used.number)
    }

    mutating func remember(key: String, order: WriteOrder, number: String) {
        usedKeys[key] = (order, number)
    }

    /// An instant later than that of every change so far.
    mutating func nextChange(at now: Instant) -> Instant {
        latestChange = max(now, latestChange + .microseconds(1))
        return latestChange
    }

    mutating func nextNumber(_ kind: ERPDocument.Kind) -> String {
        counts[kind, default: 0] += 1
        return Self.number(kind, counts[kind, default: 0])
    }

    static func number(_ kind: ERPDocument.Kind, _ count: Int) -> String {
        let digits = String(count)
        return "\(kind.prefix)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }

    mutating func file(_ document: ERPDocument) {
        documents[document.number] = document
        guard let reference = document.reference else { return }
        numbersByReference[reference, default: []].append(document.number)
    }
}

extension CompanyBooks {
    static func pairID(_ item: String, _ location: String) -> String { "\(item)@\(location)" }

    /// `quantity` of `unit` in the item's stocking unit.
    ///
    /// - Throws: `input.invalid` naming the field when the item, or the unit for it, is not known.
    func inStockingUnit(
        _ quantity: Quantity, _ unit: UnitCode, of item: String, field: String = "quantity"
    ) throws(Fault) -> (quantity: Quantity, item: ERPItem) {
        guard let record = items[item] else { throw .invalid("item", found: item, expected: "an item of this company") }
        if unit == record.unit { return (quantity, record) }
        guard let alternative = record.alternativeUnits.first(where: { $0.unit == unit }) else {
            let known = ([record.unit] + record.alternativeUnits.map(\.unit)).map(\.rawValue).joined(separator: ", ")
            throw .invalid("unit", found: unit.rawValue, expected: "a unit of \(item): \(known)")
        }
        return (try quantity.multiplied(by: alternative.factor), record)
    }

    func positive(_ quantity: Quantity) throws(Fault) {
        guard quantity.isPositive else {
            throw .invalid("quantity", found: quantity.description, expected: "a quantity above zero")
        }
    }

    func known(location: String, field: String) throws(Fault) {
        guard locations[location] != nil else {
            throw .invalid(field, found: location, expected: "a location of this company")
        }
    }

    /// The line of this id while it is still open.
    func openLine(_ id: String) throws(Fault) -> ERPOpenOrder {
        guard let line = openOrders[id] else { throw .invalid("line", found: id, expected: "an order line of this company") }
        guard line.isOpen else { throw .conflict("Line \(id) is \(line.status.rawValue).") }
        return line
    }

    /// Changes the balance of an item at a location, which is made when there is none.
    mutating func change(
        _ item: ERPItem, at location: String, now: Instant, by edit: (inout ERPBalance) throws(Fault) -> Void
    ) throws(Fault) {
        let id = Self.pairID(item.id, location)
        var balance =
            balances[id]
            ?? ERPBalance(
                id: id, changedAt: now, item: item.id, location: location, unit: item.unit,
                onHand: .zero, allocated: .zero, inTransit: .zero, onOrder: .zero)
        try edit(&balance)
        balance.changedAt = nextChange(at: now)
        balances.put(balance)
    }
}
