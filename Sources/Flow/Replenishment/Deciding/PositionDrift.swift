import CanonicalModel
import Governance
import Vocabulary

/// The difference between the position that a recommendation assumed and the live one.
struct PositionDrift {
    /// What the decision table is shown; empty when the source stated nothing.
    let figures: [Drift]
    let finding: CheckFinding
    /// How much more there is now than was assumed; negative when less. In stocking units.
    let surplus: Quantity

    /// Each figure that the source did not state is taken as it is now, so it cannot drift.
    init(of assumptions: Assumptions, from cover: Cover, quantity: Quantity, unit: UnitCode, leadTimeDays: Double?) throws(Fault)
    {
        if let assumed = assumptions.stockingUnit, assumed != unit {
            throw Fault(
                .unknownConversion, .review(by: "masterData"),
                "The recommendation counts in \(assumed), the item is stocked in \(unit): its figures cannot be compared.")
        }
        let live = try cover.position
        let onOrderNow = try Quantity.sum([cover.due, cover.late, cover.undated, cover.pending])
        // The two kinds of open supply are one figure here: sources draw the line between them differently.
        let assumedSupply =
            assumptions.onOrder == nil && assumptions.inTransit == nil
            ? onOrderNow : try (assumptions.onOrder ?? .zero) + (assumptions.inTransit ?? .zero)
        let assumed =
            try (assumptions.onHand ?? cover.onHand) + assumedSupply - (assumptions.allocated ?? cover.allocated)
        surplus = try live - assumed
        let states = [assumptions.onHand, assumptions.onOrder, assumptions.inTransit, assumptions.allocated].contains {
            $0 != nil
        }
        guard states || assumptions.leadTimeDays != nil else {
            figures = []
            finding = CheckFinding("drift", .warned, "The source states no assumptions; the live position is \(live).")
            return
        }
        // Against the larger of position and quantity: a few pieces more beside an empty shelf are no drift to speak of.
        let base = max(abs(assumed.double), quantity.double, 1)
        var share = abs(surplus.double) / base * 100
        var drifts = [Drift("position", assumed: base, live: base + surplus.double)]
        var text = "Assumed position \(assumed), live \(live)"
        if let then = assumptions.leadTimeDays, let now = leadTimeDays {
            share = max(share, abs(now - then) / max(then, 1) * 100)
            drifts.append(Drift("leadTimeDays", assumed: then, live: now))
            text += "; lead time assumed \(rounded(then)) days, now \(rounded(now))"
        }
        figures = drifts
        finding = CheckFinding("drift", share > 10 ? .warned : .passed, "\(text): drift \(rounded(share)) %.")
    }
}

/// One decimal is what a planner reads.
func rounded(_ number: Double) -> String {
    let tenths = (number * 10).rounded() / 10
    return tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int64(tenths)) : String(tenths)
}
