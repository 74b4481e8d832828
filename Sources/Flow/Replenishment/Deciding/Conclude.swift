import CanonicalModel
import Governance
import Vocabulary

/// Looks at a recommendation and the facts, and concludes what should be done: pure, and total.
///
/// Whatever cannot be concluded is a finding that blocks, never an error that loses the recommendation.
package func conclude(_ recommendation: Recommendation, on facts: DecisionFacts) -> Conclusion {
    var conclusion = Conclusion()
    checkPosition(facts.position, &conclusion)
    do {
        switch recommendation.proposal {
        case .policy(let levels): try concludePolicy(levels, recommendation, facts, &conclusion)
        case .replenishment(let goods): try concludeSupply(goods, recommendation, facts, &conclusion)
        }
    } catch {
        conclusion.block("arithmetic", team: error.team, error.message)
    }
    if conclusion.bar != nil { conclusion.action = nil }
    return conclusion
}

private func checkPosition(_ position: PositionFacts, _ conclusion: inout Conclusion) {
    if position.item.isRetired {
        let successor = position.item.supersededBy.map { "; \($0) has taken its place" } ?? ""
        conclusion.block("item", team: "planning", "Item \(position.item.id) is retired\(successor).")
    }
    if !position.location.isActive {
        conclusion.block("location", team: "planning", "Location \(position.location.id) is not active.")
    }
    if position.location.system == nil {
        conclusion.block("system", team: "operations", "No system is named for actions at \(position.location.id).")
    }
}

private func concludePolicy(
    _ proposed: PolicyLevels, _ recommendation: Recommendation, _ facts: DecisionFacts, _ conclusion: inout Conclusion
) throws(Fault) {
    let position = facts.position
    var levels = proposed
    if let change = ForecastChange(facts, until: protectionEnd(position, facts.today)) {
        conclusion.findings.append(change.finding)
        levels = try change.applied(to: proposed, of: position.item.stockingUnit)
    }
    let previous = position.policy?.levels
    // Not the safety stock: it is part of the reorder point, and some ERPs have no field for it.
    if let previous, previous.reorderPoint == levels.reorderPoint, previous.orderUpTo == levels.orderUpTo,
        previous.orderQuantity == levels.orderQuantity
    {
        conclusion.bar = .needless("The policy has these levels already.")
        conclusion.note("change", .passed, "The policy has these levels already.")
        return
    }
    noteDrift(from: recommendation.assumptions, previous, facts, &conclusion)
    if let previous {
        let changes = [(previous.reorderPoint, levels.reorderPoint), (previous.orderUpTo, levels.orderUpTo)]
        let percent = changes.map { abs($1.double - $0.double) / max($0.double, 1) * 100 }.max() ?? 0
        conclusion.changePercent = percent
        conclusion.note(
            "change", .passed,
            "Reorder point \(previous.reorderPoint) to \(levels.reorderPoint), order-up-to \(previous.orderUpTo) to "
                + "\(levels.orderUpTo) (\(rounded(percent)) %)."
        )
    } else {
        conclusion.note(
            "change", .warned, "There is no policy yet; reorder point \(levels.reorderPoint), order-up-to \(levels.orderUpTo).")
    }
    let rise = try levels.orderUpTo - (previous?.orderUpTo ?? .zero)
    if let cost = position.item.unitCost, let currency = position.item.currency {
        conclusion.value = Worth(try cost.times(Quantity(scaled: Int64(clamping: rise.scaled.magnitude))), currency)
    }
    try checkCapacity(for: max(.zero, rise), position, &conclusion)
    conclusion.action = .setInventoryPolicy(
        PolicyChange(item: position.item.id, location: position.location.id, levels: levels, previous: previous))
}

/// What the recommendation assumed about the policy and the lead time, beside what is so now.
private func noteDrift(
    from assumptions: Assumptions, _ previous: PolicyLevels?, _ facts: DecisionFacts, _ conclusion: inout Conclusion
) {
    if let assumed = assumptions.reorderPoint, let live = previous?.reorderPoint {
        let share = abs(live.double - assumed.double) / max(assumed.double, 1) * 100
        conclusion.drift.append(Drift("reorderPoint", assumed: assumed.double, live: live.double))
        conclusion.note(
            "drift", share > 10 ? .warned : .passed, "Assumed reorder point \(assumed), live \(live): drift \(rounded(share)) %.")
    }
    if let assumed = assumptions.leadTimeDays, let live = shortestLeadTime(facts.position, facts.today) {
        let share = abs(live - assumed) / max(assumed, 1) * 100
        conclusion.drift.append(Drift("leadTimeDays", assumed: assumed, live: live))
        conclusion.note(
            "leadTime", share > 10 ? .warned : .passed, "Lead time assumed \(rounded(assumed)) days, now \(rounded(live)).")
    }
}

/// The last day that stock has to last until when the reorder point is reached today: lead time and review.
private func protectionEnd(_ position: PositionFacts, _ today: BusinessDate) -> BusinessDate {
    let leadTime = shortestLeadTime(position, today) ?? 0
    return today.adding(days: Int(leadTime.rounded(.up)) + (position.policy?.reviewDays ?? 1))
}

/// The best lead time that a policy can count on today.
package func shortestLeadTime(_ position: PositionFacts, _ today: BusinessDate) -> Double? {
    let usable = position.sourcings.filter { !$0.supplier.isBlocked && $0.sourcing.isValid(on: today) }
    return usable.min { ($0.sourcing.rank, $0.sourcing.leadTimeDays) < ($1.sourcing.rank, $1.sourcing.leadTimeDays) }?
        .sourcing.leadTimeDays
}

/// Whether the goods will find room; `tight` leaves less than a tenth of the free space.
func checkCapacity(for quantity: Quantity, _ position: PositionFacts, _ conclusion: inout Conclusion) throws(Fault) {
    guard let free = position.freeCapacity else {
        conclusion.note("capacity", .passed, "\(position.location.id) has no limit of space.")
        return
    }
    let space = try quantity.multiplied(by: Ratio(position.item.space.scaled, Quantity.scale), rounding: .up)
    let text = "\(quantity) take \(space) of the \(free) that are free at \(position.location.id)."
    if space > free {
        conclusion.capacity = .exceeded
        conclusion.note("capacity", .failed, text)
    } else if space.isPositive, space.double > 0.9 * free.double {
        conclusion.capacity = .tight
        conclusion.note("capacity", .warned, text)
    } else {
        conclusion.note("capacity", .passed, text)
    }
}

extension Fault {
    /// The team whose matter this is.
    var team: String {
        if case .review(let team) = disposition { return team }
        return "planning"
    }
}
