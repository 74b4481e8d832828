import CanonicalModel
import Governance
import Planning
import Vocabulary

extension SourceChoice {
    /// The choice that a plan over the network has made, where it can still be carried out; otherwise this one.
    ///
    /// What is cheapest for one position may be what another one needs more: the plan has weighed that, this comparison cannot.
    func following(
        _ plan: PlannedSource?, _ need: SupplyNeed, in currency: CurrencyCode, _ conclusion: inout Conclusion
    ) throws(PolicyError) -> SourceChoice {
        guard let plan, let chosen else { return self }
        guard !chosen.option.isPlanned(plan) else {
            conclusion.note("plan", .passed, "The plan over the network has it from \(plan.from) too.")
            return self
        }
        guard let other = rejected.first(where: { $0.option.isPlanned(plan) }), other.cost != nil,
            let planned = try compareSources(need: need, options: [other.option]).chosen
        else {
            let why = rejected.first { $0.option.isPlanned(plan) }.map { Alternative($0, in: currency).reason }
            conclusion.note(
                "plan", .warned,
                "The plan over the network had it from \(plan.from), which is no source now\(why.map { ": \($0)" } ?? "").")
            return self
        }
        let saving = planned.cost.total - chosen.cost.total
        conclusion.note(
            "plan", .adjusted,
            "Alone it would be cheaper from \(chosen.option.name) by \(rounded(saving)) \(currency.rawValue); the plan over the "
                + "network has it from \(plan.from), because those goods save more elsewhere.")
        return givingWay(to: planned)
    }
}

extension SourceOption {
    fileprivate func isPlanned(_ plan: PlannedSource) -> Bool {
        name == plan.from && (kind == .transfer) == (plan.kind == .transfer)
    }
}
