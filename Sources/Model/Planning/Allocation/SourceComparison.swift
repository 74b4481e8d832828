/// A source with the lots it would send and what they would cost.
public struct CostedSource: Sendable, Hashable, Codable {
    public let option: SourceOption
    public let lot: LotResult
    public let cost: SourceCost
}

/// A source that was not chosen, and why.
public struct RejectedSource: Sendable, Hashable, Codable {
    public enum Reason: Sendable, Hashable, Codable {
        /// It could not meet the need: what stood in the way.
        case infeasible(String)
        /// It would have cost this much more.
        case dearer(by: Double)
        /// It would have cost this much less here, but a plan over several needs has better use for its goods.
        case neededElsewhere(saving: Double)
        /// It costs the same; what the choice was made by.
        case tied(String)
    }

    public let option: SourceOption
    /// Nil when the source could not meet the need.
    public let cost: SourceCost?
    public let reason: Reason
}

/// Where the goods should come from, with every alternative that was rejected.
public struct SourceChoice: Sendable, Hashable, Codable {
    /// Nil when no source can meet the need.
    public let chosen: CostedSource?
    /// Cheapest first, then those that could not meet the need, in the order given.
    public let rejected: [RejectedSource]

    /// The same comparison, decided for a source that a plan over several needs has chosen, though it may be dearer here.
    public func givingWay(to planned: CostedSource) -> SourceChoice {
        guard let chosen, chosen.option != planned.option else { return self }
        let best = RejectedSource(
            option: chosen.option, cost: chosen.cost, reason: .neededElsewhere(saving: planned.cost.total - chosen.cost.total))
        return SourceChoice(chosen: planned, rejected: [best] + rejected.filter { $0.option != planned.option })
    }
}

/// Compares transfer and purchase, and sources of either kind, by the total cost of meeting one need from one source.
///
/// Equal totals (to a millionth) are decided by the shorter lead time, then transfer before purchase, then name, then the order
/// given, so that the same options always give the same choice.
///
/// - Throws: `PolicyError` naming the first figure that is negative or not finite.
public func compareSources(need: SupplyNeed, options: [SourceOption]) throws(PolicyError) -> SourceChoice {
    try need.check()
    var feasible: [CostedSource] = []
    var infeasible: [RejectedSource] = []
    for (position, option) in options.enumerated() {
        try option.check(position)
        let lot = option.lotRules.apply(to: need.quantity)
        if let obstacle = obstacle(option, lot) {
            infeasible.append(RejectedSource(option: option, cost: nil, reason: .infeasible(obstacle)))
        } else {
            feasible.append(CostedSource(option: option, lot: lot, cost: SourceCost(option, lot, for: need)))
        }
    }
    let ranked = feasible.enumerated().sorted { rank($0.element, $0.offset) < rank($1.element, $1.offset) }.map(\.element)
    guard let best = ranked.first else { return SourceChoice(chosen: nil, rejected: infeasible) }
    let dearer = ranked.dropFirst().map { RejectedSource(option: $0.option, cost: $0.cost, reason: reason($0, against: best)) }
    return SourceChoice(chosen: best, rejected: dearer + infeasible)
}

private func obstacle(_ option: SourceOption, _ lot: LotResult) -> String? {
    if let obstacle = option.obstacle { return obstacle }
    if lot.unmet > 0 { return "its largest lot leaves \(units(lot.unmet)) of \(units(lot.need)) unmet" }
    if let available = option.available, lot.quantity > available {
        let rules = lot.surplus > 0 ? " (the need of \(units(lot.need)), by its lot rules)" : ""
        return "it has \(units(available)) available of \(units(lot.quantity))\(rules)"
    }
    return nil
}

private func reason(_ source: CostedSource, against best: CostedSource) -> RejectedSource.Reason {
    let difference = source.cost.total - best.cost.total
    if millionths(source.cost.total) != millionths(best.cost.total) { return .dearer(by: difference) }
    if source.option.leadTimeDays != best.option.leadTimeDays { return .tied("the shorter lead time was taken") }
    if source.option.kind != best.option.kind { return .tied("a transfer was taken before a purchase") }
    return .tied("the first by name was taken")
}

private func rank(_ source: CostedSource, _ position: Int) -> (Double, Double, Int, String, Int) {
    let kind = source.option.kind == .transfer ? 0 : 1
    return (millionths(source.cost.total), source.option.leadTimeDays, kind, source.option.name, position)
}

/// Costs are compared to a millionth: sums of Doubles in another order must not decide.
private func millionths(_ cost: Double) -> Double { (cost * 1_000_000).rounded() }

/// Millionths of a unit as a decimal without trailing zeros.
func units(_ amount: Int64) -> String {
    let whole = amount / 1_000_000
    let part = abs(amount % 1_000_000)
    guard part > 0 else { return "\(whole)" }
    var digits = String(1_000_000 + part).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(amount < 0 && whole == 0 ? "-" : "")\(whole).\(digits)"
}
