import CanonicalModel
import Vocabulary

/// How far two answers may lie apart and still be the same one.
package struct Tolerance: Codable, Hashable, Sendable {
    /// In percent of the decided figure.
    package var percent: Double

    package init(percent: Double = 5) { self.percent = percent }

    func covers(_ decided: Quantity, _ now: Quantity) -> Bool {
        abs(decided.double - now.double) <= abs(decided.double) * percent / 100
    }
}

/// Why the live facts no longer lead to the decided action; nil when they still do.
///
/// Days are left out: tomorrow every date is a day later, and the answer is the same.
func difference(between decided: Action, and now: Conclusion, within tolerance: Tolerance) -> String? {
    if case .needless(let reason) = now.bar { return reason }
    if case .blocked(_, let reason) = now.bar { return reason }
    guard let action = now.action else { return "nothing can be done now" }
    switch (decided, action) {
    case (.setInventoryPolicy(let then), .setInventoryPolicy(let live)):
        guard then.previous == live.previous else { return "somebody changed the policy meanwhile" }
        guard tolerance.covers(then.levels.reorderPoint, live.levels.reorderPoint) else {
            return "the reorder point would be \(live.levels.reorderPoint) now, not \(then.levels.reorderPoint)"
        }
        guard tolerance.covers(then.levels.orderUpTo, live.levels.orderUpTo) else {
            return "the order-up-to level would be \(live.levels.orderUpTo) now, not \(then.levels.orderUpTo)"
        }
        return nil
    case (.createTransfer(let then), .createTransfer(let live)):
        guard then.origin == live.origin else { return "the goods would now come from \(live.origin), not \(then.origin)" }
        guard tolerance.covers(then.quantity, live.quantity) else {
            return "\(live.quantity) are needed now, not \(then.quantity)"
        }
        return nil
    case (.createPurchaseProposal(let then), .createPurchaseProposal(let live)):
        guard then.supplier == live.supplier else { return "\(live.supplier) is cheaper now than \(then.supplier)" }
        guard then.unitPrice == live.unitPrice else { return "the price is \(live.unitPrice) now, not \(then.unitPrice)" }
        guard let before = try? then.quantity, let after = try? live.quantity else { return "the quantity cannot be added up" }
        guard tolerance.covers(before, after) else { return "\(after) \(live.unit) are needed now, not \(before)" }
        return nil
    default:
        return "\(action.kind.rawValue) would be done now, not \(decided.kind.rawValue)"
    }
}
