import Vocabulary

/// What lies on the shelves and is under way on the first day, with a few stories in it on purpose.
struct OpeningStock: Sendable {
    let seed: UInt64
    let today: BusinessDate
    let changedAt: Instant

    /// Short at one warehouse while another has far too much: moving is cheaper than buying.
    static let imbalances: [(item: String, short: String, surplus: String)] = [
        ("BRG-6204", "RNO", "EWR"), ("GLV-NIT-L", "EWR", "ATL"), ("LED-4FT", "ATL", "EWR"), ("BRK-C16", "RNO", "ATL"),
        ("CNT-25A", "EWR", "RNO"),
    ]

    /// Short, and nobody has any to spare: only buying helps.
    static let shortages: [(item: String, location: String)] = [
        ("TWL-ROLL", "EWR"), ("GRS-EP2", "ATL"), ("DSF-1L", "RNO"), ("NUT-M8", "EWR"),
    ]

    /// Settings that nobody has looked at for more than a year, and how far off they are.
    static let stalePolicies: [(item: String, location: String, factor: Double)] = [
        ("RSP-P100", "EWR", 0.45), ("RSP-P100", "RNO", 0.5), ("BLT-B60", "ATL", 2.2), ("CBL-CAT6", "EWR", 0.6),
        ("FAN-PED", "ATL", 1.8), ("GGL-CLR", "RNO", 0.35), ("MOP-HEAD", "EWR", 2.5), ("BRG-6205", "RNO", 0.4),
    ]

    private struct Arrival {
        let kind: ERPOpenOrder.Kind
        let item: String
        let location: String
        var origin: String?
        let dueInDays: Int
        /// How many days of demand the order covers.
        let covers: Double
        var committedInDays: Int?
        var committedShare: Double?
    }

    private static let arrivals = [
        // Soon enough to count.
        Arrival(kind: .purchaseOrder, item: "BRG-6205", location: "ATL", dueInDays: 6, covers: 25),
        Arrival(kind: .purchaseOrder, item: "SCR-M6X20", location: "EWR", dueInDays: 12, covers: 40),
        Arrival(kind: .purchaseOrder, item: "SOP-5L", location: "RNO", dueInDays: 3, covers: 14),
        Arrival(kind: .purchaseOrder, item: "CBL-3G25", location: "EWR", dueInDays: 9, covers: 20),
        // So far off that it is no cover for today's shortage.
        Arrival(kind: .purchaseOrder, item: "DSF-1L", location: "RNO", dueInDays: 110, covers: 60),
        Arrival(kind: .purchaseOrder, item: "GLV-NIT-M", location: "EWR", dueInDays: 95, covers: 45),
        // Overdue; the supplier now promises part of it.
        Arrival(
            kind: .purchaseOrder, item: "GGL-CLR", location: "ATL", dueInDays: -6, covers: 15, committedInDays: 2,
            committedShare: 0.6),
        // Promised later than asked.
        Arrival(
            kind: .purchaseOrder, item: "MTR-1HP", location: "ATL", dueInDays: 8, covers: 30, committedInDays: 15,
            committedShare: 1),
        // On the lorry.
        Arrival(kind: .transfer, item: "HLM-WHT", location: "ATL", origin: "EWR", dueInDays: 2, covers: 12),
    ]

    func openOrders() throws(Fault) -> [ERPOpenOrder] {
        var orders: [ERPOpenOrder] = []
        var counts: [ERPDocument.Kind: Int] = [:]
        for arrival in Self.arrivals {
            guard let target = StockingPlan(arrival.item, at: arrival.location) else { continue }
            let kind: ERPDocument.Kind = arrival.kind == .transfer ? .transfer : .purchaseOrder
            counts[kind, default: 0] += 1
            let number = CompanyBooks.number(kind, counts[kind, default: 0])
            let quantity = try target.wholePacks(days: arrival.covers)
            orders.append(
                ERPOpenOrder(
                    id: "\(number)/1", changedAt: changedAt, document: number, kind: arrival.kind, item: arrival.item,
                    location: arrival.location, supplier: arrival.kind == .transfer ? nil : target.line.supplier,
                    origin: arrival.origin, unit: target.line.unit, ordered: quantity, received: .zero,
                    askedQuantity: quantity, askedUnit: target.line.unit, dueOn: today.adding(days: arrival.dueInDays),
                    committedOn: arrival.committedInDays.map { today.adding(days: $0) },
                    committedQuantity: try arrival.committedShare.map { share throws(Fault) in
                        try Quantity(rounding: (quantity.double * share).rounded())
                    },
                    status: arrival.kind == .transfer ? .shipped : .open, reference: nil))
        }
        return orders
    }

    func balances(openOrders: [ERPOpenOrder]) throws(Fault) -> [ERPBalance] {
        try StockingPlan.all.map { plan throws(Fault) in
            let here = openOrders.filter { $0.item == plan.line.id && $0.location == plan.warehouse.id }
            return ERPBalance(
                id: plan.id, changedAt: changedAt, item: plan.line.id, location: plan.warehouse.id, unit: plan.line.unit,
                onHand: try Quantity(rounding: onHand(plan).rounded()),
                allocated: try Quantity(rounding: min(plan.perDay, onHand(plan) / 4).rounded()),
                inTransit: try .sum(here.filter { $0.kind == .transfer && $0.status == .shipped }.map(\.outstanding)),
                onOrder: try .sum(here.filter { $0.kind == .purchaseOrder }.map(\.outstanding)))
        }
    }

    /// Most shelves hold something between the reorder point and the order-up-to level.
    private func onHand(_ plan: StockingPlan) -> Double {
        let (item, location) = (plan.line.id, plan.warehouse.id)
        let short =
            Self.imbalances.contains { $0.item == item && $0.short == location }
            || Self.shortages.contains { $0.item == item && $0.location == location }
        if short { return plan.perDay * 2 }
        if Self.imbalances.contains(where: { $0.item == item && $0.surplus == location }) {
            return plan.orderUpTo + plan.perDay * 60
        }
        let share = chance(seed, "onHand", item, location).fraction()
        return plan.reorderPoint + share * (plan.orderUpTo - plan.reorderPoint)
    }

    func policies() throws(Fault) -> [ERPPolicy] {
        try StockingPlan.all.map { plan throws(Fault) in
            let stale = Self.stalePolicies.first { $0.item == plan.line.id && $0.location == plan.warehouse.id }
            let factor = stale?.factor ?? 1
            let reviewed = 20 + Int(chance(seed, "review", plan.line.id).fraction() * 60)
            return ERPPolicy(
                id: plan.id, changedAt: changedAt, item: plan.line.id, location: plan.warehouse.id, unit: plan.line.unit,
                reorderPoint: try Quantity(rounding: (plan.reorderPoint * factor).rounded(.up)),
                safetyStock: try Quantity(rounding: (plan.safetyStock * factor).rounded(.up)),
                orderUpTo: try Quantity(rounding: (plan.orderUpTo * factor).rounded(.up)), orderQuantity: nil,
                serviceTarget: try Quantity(rounding: plan.serviceTarget),
                serviceTargetType: plan.line.abcClass == "C" ? .fillRate : .cycleService, trigger: .atOrBelow,
                reviewedOn: today.adding(days: -(stale == nil ? reviewed : 420)), version: 1, reference: nil)
        }
    }
}
