import CanonicalModel
import Governance
import Planning
import Vocabulary

/// Goods for a location: what is still needed, where it is best had, and what that comes to.
func concludeSupply(
    _ goods: Proposal.Replenishing, _ recommendation: Recommendation, _ facts: DecisionFacts, _ conclusion: inout Conclusion
) throws(Fault) {
    let item = facts.position.item
    var asked = try item.inStockingUnits(goods.quantity, of: goods.unit)
    let recommended = asked
    let end = riskWindowEnd(facts.position, neededBy: goods.neededBy, today: facts.today)
    if goods.neededBy < facts.today {
        conclusion.note("neededBy", .warned, "It was needed by \(goods.neededBy), which is past: everything will be late.")
    }
    if let change = ForecastChange(facts, until: end) {
        conclusion.findings.append(change.finding)
        asked = try change.applied(to: asked, of: item.stockingUnit)
    }
    let cover = try Cover(facts, until: end)
    conclusion.findings += cover.findings(until: end)
    let drift = try PositionDrift(
        of: recommendation.assumptions, from: cover, quantity: asked, unit: item.stockingUnit,
        leadTimeDays: shortestLeadTime(facts.position, facts.today))
    conclusion.drift = drift.figures
    conclusion.findings.append(drift.finding)
    if facts.position.balance == nil {
        conclusion.block(
            "balance", team: "operations", "No system has told what stock \(item.id) has at \(facts.position.location.id).")
        return
    }
    guard let need = try need(asked, drift, cover, facts, &conclusion) else { return }
    try checkCapacity(for: need, facts.position, &conclusion)
    try choose(need, for: goods, asked: recommended, facts, &conclusion)
}

/// What is still lacking once everything that comes in time is counted; nil when nothing is.
private func need(
    _ asked: Quantity, _ drift: PositionDrift, _ cover: Cover, _ facts: DecisionFacts, _ conclusion: inout Conclusion
) throws(Fault) -> Quantity? {
    let item = facts.position.item
    guard asked.isPositive else {
        conclusion.bar = .needless("The real forecast expects so much less than the fallback that nothing is needed.")
        return nil
    }
    if !drift.figures.isEmpty {
        let rest = try asked - max(.zero, drift.surplus)
        guard rest.isPositive else {
            conclusion.bar = .needless(
                "\(asked) \(item.stockingUnit) were asked for; \(drift.surplus) more are there or on their way in time "
                    + "than was assumed."
            )
            conclusion.note(
                "netting", .adjusted, "Nothing is left to order: the position is \(drift.surplus) above what was assumed.")
            return nil
        }
        if rest != asked {
            conclusion.note("netting", .adjusted, "\(asked) less \(drift.surplus) already covered leaves \(rest).")
        }
        return rest
    }
    // Without assumptions the live policy is the only yardstick.
    guard let policy = facts.position.policy else { return asked }
    let position = try cover.position
    let triggers = policy.trigger == .atOrBelow ? position <= policy.levels.reorderPoint : position < policy.levels.reorderPoint
    guard triggers else {
        conclusion.bar = .needless("The position is \(position), above the reorder point \(policy.levels.reorderPoint).")
        conclusion.note(
            "netting", .adjusted, "The position \(position) is above the reorder point \(policy.levels.reorderPoint).")
        return nil
    }
    let room = try policy.levels.orderUpTo - position
    if room < asked {
        conclusion.note("netting", .adjusted, "\(asked) are cut to \(room), which fill up to \(policy.levels.orderUpTo).")
    }
    return min(asked, room)
}

private func choose(
    _ need: Quantity, for goods: Proposal.Replenishing, asked: Quantity, _ facts: DecisionFacts, _ conclusion: inout Conclusion
) throws(Fault) {
    let (position, neededBy) = (facts.position, goods.neededBy)
    let sources = try SourceFinder(facts: facts, capRule: position.policy?.capRule ?? .allowOver).sources()
    let unitValue = position.item.unitCost?.double ?? sources.map(\.option.unitCost).max() ?? 0
    let supplyNeed = SupplyNeed(
        quantity: need.scaled, dueInDays: Double(neededBy.days(since: facts.today)),
        latenessCostPerDay: need.double * unitValue * facts.rates.latenessRate,
        dailyDemand: position.forecast.map { ($0.mean.first ?? 0) / Double($0.periodDays) } ?? 0)
    let choice: SourceChoice
    do {
        choice = try compareSources(need: supplyNeed, options: sources.map(\.option))
            .following(goods.plan, supplyNeed, in: facts.rates.currency, &conclusion)
    } catch {
        conclusion.block("sources", team: "planning", "The sources cannot be compared: \(error).")
        return
    }
    conclusion.alternatives = choice.rejected.map { Alternative($0, in: facts.rates.currency) }
    guard let chosen = choice.chosen, let source = sources.first(where: { $0.option == chosen.option }) else {
        let reasons = conclusion.alternatives.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
        conclusion.block(
            "sources", team: "buying",
            sources.isEmpty ? "No supplier and no lane is known." : "No source can meet the need: \(reasons).")
        return
    }
    let late = source.arrivesOn.days(since: neededBy)
    conclusion.note(
        "sources", late > 0 ? .warned : .passed,
        "\(chosen.option.kind == .transfer ? "Transfer" : "Purchase") from \(chosen.option.name) costs "
            + "\(rounded(chosen.cost.total)) \(facts.rates.currency.rawValue), arrives \(source.arrivesOn)"
            + (late > 0 ? ", \(late) days late." : "."))
    if !chosen.lot.bound.isEmpty {
        let rules = chosen.lot.bound.map(\.rawValue).joined(separator: ", ")
        conclusion.note(
            "lotRules", .adjusted, "\(need) become \(Quantity(scaled: chosen.lot.quantity)) by the rule of the \(rules).")
    }
    let quantity = Quantity(scaled: chosen.lot.quantity)
    conclusion.changePercent = abs(quantity.double - asked.double) / max(asked.double, 0.000001) * 100
    conclusion.value = Worth(try Money(rounding: quantity.double * max(chosen.option.unitCost, unitValue)), facts.rates.currency)
    conclusion.action = try action(from: source, lot: chosen.lot, facts)
}

private func action(from source: Source, lot: LotResult, _ facts: DecisionFacts) throws(Fault) -> Action {
    let item = facts.position.item
    switch source.origin {
    case .location(let lane):
        return .createTransfer(
            TransferProposal(
                item: item.id, origin: lane.origin, destination: lane.destination, quantity: Quantity(scaled: lot.quantity),
                unit: item.stockingUnit, shipOn: source.startsOn, dueOn: source.arrivesOn))
    case .supplier(let sourcing):
        var quantities: [Quantity] = []
        for part in lot.parts {
            let ordered = try item.quantity(Quantity(scaled: part), in: sourcing.unit, rounding: .up)
            quantities.append(sourcing.unit == item.stockingUnit ? ordered : ordered.withoutDust(of: sourcing.orderStep))
        }
        return .createPurchaseProposal(
            PurchaseProposal(
                item: item.id, location: facts.position.location.id, supplier: sourcing.supplier, quantities: quantities,
                unit: sourcing.unit, unitPrice: sourcing.price, currency: sourcing.currency, orderOn: source.startsOn,
                dueOn: source.arrivesOn))
    }
}

extension Sourcing {
    /// What the supplier counts its orders in; units other than the stocking unit are whole ones.
    var orderStep: Quantity { multiple.isZero ? Quantity(1) : multiple }
}

extension Quantity {
    /// The whole number of steps that this is but for the last digits, which a factor that is no round number leaves behind.
    ///
    /// A third of a kilogram, counted in kilograms and back, makes 50.0001 packs of 50; no supplier sells the rest.
    func withoutDust(of step: Quantity) -> Quantity {
        guard step.isPositive, isPositive else { return self }
        let (steps, rest) = scaled.quotientAndRemainder(dividingBy: step.scaled)
        let dust = step.scaled / 1000
        if rest <= dust { return steps > 0 ? Quantity(scaled: steps * step.scaled) : self }
        if rest >= step.scaled - dust { return Quantity(scaled: scaled - rest + step.scaled) }
        return self
    }
}

extension Alternative {
    init(_ rejected: RejectedSource, in currency: CurrencyCode) {
        let kind = rejected.option.kind == .transfer ? "transfer" : "purchase"
        let reason =
            switch rejected.reason {
            case .infeasible(let obstacle): obstacle
            case .dearer(let difference): "dearer by \(rounded(difference)) \(currency.rawValue)"
            case .neededElsewhere(let saving):
                "cheaper here by \(rounded(saving)) \(currency.rawValue), but by the plan over the network its goods save more "
                    + "elsewhere"
            case .tied(let rule): "it costs the same; \(rule)"
            }
        self.init(
            name: "\(kind) from \(rejected.option.name)",
            cost: rejected.cost.flatMap { try? Money(rounding: $0.total) }.map { Worth($0, currency) },
            parts: rejected.cost.map(Alternative.parts) ?? [:], reason: reason)
    }

    static func parts(of cost: SourceCost) -> [String: Money] {
        let named = [
            ("goods", cost.goods), ("ordering", cost.ordering), ("pipelineHolding", cost.pipelineHolding),
            ("surplus", cost.surplus), ("lateness", cost.lateness), ("donorRisk", cost.donorRisk),
        ]
        return named.reduce(into: [:]) { parts, part in
            if part.1 != 0 { parts[part.0] = try? Money(rounding: part.1) }
        }
    }
}
