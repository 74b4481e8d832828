import CanonicalModel
import Governance
import Vocabulary

extension Decision {
    /// Decides: concludes from the facts, then asks the table what the conclusion needs.
    ///
    /// Pure: the same recommendation, facts, table, id and instant give the same decision, now and in ten years.
    init(
        id: ID<Decision>, on recommendation: Recommendation, facts: DecisionFacts, factsDigest: Digest, table: DecisionTable,
        at now: Instant
    ) throws(Fault) {
        let conclusion = conclude(recommendation, on: facts)
        let (verdict, rule, reason) = judge(conclusion, recommendation, facts, by: table)
        self.init(
            id: id, recommendation: recommendation.id, action: conclusion.action, verdict: verdict, rule: rule, reason: reason,
            policyVersion: table.policyVersion, deciderVersion: DecisionStage.version, factsDigest: factsDigest,
            findings: conclusion.findings, alternatives: conclusion.alternatives, value: conclusion.value,
            isProvisional: facts.areProvisional(for: recommendation),
            proposedBy: recommendation.proposedBy, decidedAt: now, lapsesAt: table.approval.lapsesAt(now))
    }
}

/// What stands above every table: nothing to do is a no, and what is blocked is held for whoever can mend it.
private func judge(
    _ conclusion: Conclusion, _ recommendation: Recommendation, _ facts: DecisionFacts, by table: DecisionTable
) -> (Verdict, rule: String, reason: String) {
    switch conclusion.bar {
    case .needless(let reason): return (.reject, "needless", reason)
    case .blocked(let team, let reason): return (.hold(team: team), "blocked", reason)
    case nil: break
    }
    let match = table.evaluate(DecisionInput(of: conclusion, recommendation, facts))
    return (match.verdict, match.row, match.reason)
}

extension Action {
    /// Where a transfer takes its goods from.
    var origin: ID<Location>? {
        if case .createTransfer(let transfer) = self { transfer.origin } else { nil }
    }

    /// How much the action brings, in stocking units, and when; nil for a change of policy.
    func goods(of item: Item) throws(Fault) -> (quantity: Quantity, dueOn: BusinessDate)? {
        switch self {
        case .setInventoryPolicy: nil
        case .createTransfer(let transfer): (transfer.quantity, transfer.dueOn)
        case .createPurchaseProposal(let purchase):
            (try item.inStockingUnits(purchase.quantity, of: purchase.unit), purchase.dueOn)
        }
    }
}

extension DecisionInput {
    /// What the table may look at.
    init(of conclusion: Conclusion, _ recommendation: Recommendation, _ facts: DecisionFacts) {
        let position = facts.position
        var supplier: ID<Supplier>?
        if case .createPurchaseProposal(let purchase) = conclusion.action { supplier = purchase.supplier }
        self.init(
            kind: conclusion.action?.kind, changePercent: conclusion.changePercent, value: conclusion.value,
            confidence: recommendation.confidence, criticality: position.item.criticality, abcClass: position.item.abcClass,
            drift: conclusion.drift.isEmpty ? nil : conclusion.drift, capacity: conclusion.capacity, supplier: supplier,
            region: position.location.region, location: position.location.id, item: position.item.id,
            isProvisional: facts.areProvisional(for: recommendation),
            checks: CheckFinding.worst(of: conclusion.findings), system: position.location.system)
    }
}
