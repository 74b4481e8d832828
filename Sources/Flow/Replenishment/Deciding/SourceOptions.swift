import CanonicalModel
import Governance
import Planning
import Vocabulary

/// One place that the goods could come from, with what is needed to turn it into an action.
package struct Source {
    package let option: SourceOption
    package let origin: Origin
    /// The day the order is placed or the goods leave, and the day they are on the shelf.
    let startsOn: BusinessDate
    let arrivesOn: BusinessDate

    package enum Origin {
        case supplier(Sourcing)
        case location(Lane)
    }
}

/// All suppliers and donors of a position as comparable options; what cannot be used says why.
package struct SourceFinder {
    let facts: DecisionFacts
    let capRule: CanonicalModel.CapRule

    package init(facts: DecisionFacts, capRule: CanonicalModel.CapRule) {
        self.facts = facts
        self.capRule = capRule
    }

    package func sources() throws(Fault) -> [Source] {
        var found: [Source] = []
        for sourcing in facts.position.sourcings { found.append(try purchase(sourcing.sourcing, from: sourcing.supplier)) }
        for donor in facts.position.donors { found.append(try transfer(donor)) }
        return found
    }

    private var item: Item { facts.position.item }
    private var itemValue: Double { item.unitCost?.double ?? 0 }

    private func purchase(_ sourcing: Sourcing, from supplier: Supplier) throws(Fault) -> Source {
        let orderOn = supplier.calendar.firstOpenDay(from: facts.today) ?? facts.today
        let expected = orderOn.adding(days: Int(sourcing.leadTimeDays.rounded(.up)))
        let arrival = facts.position.location.calendar.firstOpenDay(from: expected)
        var obstacle: String?
        if supplier.isBlocked { obstacle = "the supplier is blocked" }
        if !sourcing.isValid(on: facts.today) { obstacle = "the sourcing is not valid on \(facts.today)" }
        if sourcing.currency != facts.rates.currency {
            obstacle = "its price is in \(sourcing.currency.rawValue), and no rate to \(facts.rates.currency.rawValue) is known"
        }
        if arrival == nil { obstacle = "\(facts.position.location.id) has no open day to receive it" }
        let factor: Ratio
        do {
            factor = try item.factor(of: sourcing.unit)
        } catch {
            obstacle = error.message
            factor = .one
        }
        let rules: LotRules
        do {
            rules = try lotRules(sourcing, factor)
        } catch {
            obstacle = "its lot rules contradict each other (\(error))"
            rules = try anyQuantity()
        }
        let perStockingUnit = sourcing.price.double / factor.double
        let option = SourceOption(
            kind: .purchase, name: supplier.id.rawValue, unitCost: perStockingUnit, fixedCost: facts.rates.orderCost,
            leadTimeDays: Double((arrival ?? expected).days(since: facts.today)), itemValue: max(itemValue, perStockingUnit),
            holdingRate: facts.rates.holdingRate, lotRules: rules, obstacle: obstacle)
        return Source(option: option, origin: .supplier(sourcing), startsOn: orderOn, arrivesOn: arrival ?? expected)
    }

    /// The supplier's rules in stocking units. Order units other than the stocking unit are whole ones.
    private func lotRules(_ sourcing: Sourcing, _ factor: Ratio) throws -> LotRules {
        let multiple = sourcing.unit == item.stockingUnit ? sourcing.multiple : sourcing.orderStep
        return try LotRules(
            minimum: try sourcing.minimumQuantity.multiplied(by: factor, rounding: .up).scaled,
            multiple: try multiple.multiplied(by: factor, rounding: .up).scaled,
            maximum: try sourcing.maximumQuantity?.multiplied(by: factor, rounding: .down).scaled,
            capRule: LotRules.CapRule(capRule))
    }

    private func anyQuantity() throws(Fault) -> LotRules {
        do {
            return try LotRules()
        } catch {
            throw .defect("lot rules without limits were refused: \(error)")
        }
    }

    private func transfer(_ donor: DonorFacts) throws(Fault) -> Source {
        let lane = donor.lane
        let surplus = try self.surplus(of: donor)
        let opens = donor.location.calendar.firstOpenDay(from: facts.today) ?? facts.today
        let shipOn = lane.calendar.firstOpenDay(from: opens) ?? opens
        let expected = shipOn.adding(days: Int(lane.transitDays.rounded(.up)))
        let arrival = facts.position.location.calendar.firstOpenDay(from: expected)
        var obstacle: String?
        if !lane.isActive { obstacle = "the lane is closed" }
        if !donor.location.isActive { obstacle = "\(donor.location.id) is not active" }
        if donor.policy == nil { obstacle = "\(donor.location.id) has no policy that says what it must keep" }
        if lane.currency != facts.rates.currency {
            obstacle = "its cost is in \(lane.currency.rawValue), and no rate to \(facts.rates.currency.rawValue) is known"
        }
        if donor.location.system != facts.position.location.system {
            obstacle = "\(donor.location.id) belongs to another system, so no single document can move the goods"
        }
        if arrival == nil { obstacle = "\(facts.position.location.id) has no open day to receive it" }
        let rules: LotRules
        do {
            rules = try LotRules(minimum: lane.minimumQuantity.scaled)
        } catch {
            obstacle = "its lot rules contradict each other (\(error))"
            rules = try anyQuantity()
        }
        let option = SourceOption(
            kind: .transfer, name: donor.location.id.rawValue, available: max(0, surplus.free.scaled),
            unitCost: lane.costPerUnit.double, fixedCost: lane.costPerShipment.double,
            leadTimeDays: Double((arrival ?? expected).days(since: facts.today)), itemValue: itemValue,
            holdingRate: facts.rates.holdingRate, donorRiskPerUnit: itemValue * surplus.replacedShare, lotRules: rules,
            obstacle: obstacle)
        return Source(option: option, origin: .location(lane), startsOn: shipOn, arrivesOn: arrival ?? expected)
    }

    /// What a donor can spare, and the share of it that the donor will have to buy again.
    private func surplus(of donor: DonorFacts) throws(Fault) -> (free: Quantity, replacedShare: Double) {
        let promised = facts.promised[donor.location.id.rawValue] ?? .zero
        let available = try donor.balance.balance.onHand - donor.balance.balance.allocated - promised
        guard let levels = donor.policy?.levels else { return (.zero, 0) }
        let keep = max(levels.reorderPoint, levels.safetyStock)
        let free = max(.zero, try available - keep)
        guard free.isPositive else { return (.zero, 0) }
        // Beyond its order-up-to level the goods are excess; below it, giving them away only brings its next order forward.
        let excess = max(.zero, try available - levels.orderUpTo)
        return (free, 1 - min(1, excess.double / free.double))
    }
}

extension LotRules.CapRule {
    init(_ rule: CanonicalModel.CapRule) {
        switch rule {
        case .allowOver: self = .allowOver
        case .roundDown: self = .roundDown
        case .split: self = .split
        }
    }
}
