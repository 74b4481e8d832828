/// What meeting a need from one source costs, part by part, in currency.
public struct SourceCost: Sendable, Hashable, Codable {
    /// The needed units at their unit cost.
    public let goods: Double
    /// Placing the orders or running the shipments: the fixed cost once per lot.
    public let ordering: Double
    /// Capital tied up in the needed units while they travel.
    public let pipelineHolding: Double
    /// Holding what lot rules add beyond the need until demand has used it up; without any demand, the full cost of those units.
    public let surplus: Double
    /// Days late at their expected cost.
    public let lateness: Double
    /// What the source risks by giving the goods away.
    public let donorRisk: Double

    public var total: Double { goods + ordering + pipelineHolding + surplus + lateness + donorRisk }

    init(_ option: SourceOption, _ lot: LotResult, for need: SupplyNeed) {
        let needed = Double(need.quantity) / 1_000_000
        let extra = Double(lot.surplus) / 1_000_000
        let holdingPerDay = option.itemValue * option.holdingRate / 365
        goods = needed * option.unitCost
        ordering = Double(lot.parts.count) * option.fixedCost
        pipelineHolding = needed * option.leadTimeDays * holdingPerDay
        // A surplus melts evenly, so on average half of it is held while it lasts; never dearer than buying it for nothing.
        let wasted = extra * max(option.unitCost, option.itemValue)
        surplus = need.dailyDemand > 0 ? min(wasted, extra / 2 * (extra / need.dailyDemand) * holdingPerDay) : wasted
        lateness = max(0, option.leadTimeDays - need.dueInDays) * need.latenessCostPerDay
        donorRisk = (needed + extra) * option.donorRiskPerUnit
    }
}
