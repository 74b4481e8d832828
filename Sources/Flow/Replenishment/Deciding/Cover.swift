import CanonicalModel
import Governance
import Vocabulary

/// The last day on which open supply is still cover: nothing ordered now could be there much earlier.
///
/// An order due later than that is no cover, however large it is.
package func riskWindowEnd(_ position: PositionFacts, neededBy: BusinessDate, today: BusinessDate) -> BusinessDate {
    let leadTime = shortestLeadTime(position, today) ?? 0
    return max(neededBy, today.adding(days: Int(leadTime.rounded(.up))))
}

/// The stock that a location can count on by one day, time-phased: an order due later is no cover.
package struct Cover: Sendable {
    package let onHand: Quantity
    package let allocated: Quantity
    /// Open lines due within the window, and those overdue: late supply is chased, not ordered again.
    package let due: Quantity
    package let late: Quantity
    /// Open lines without a date; they count, because ordering them again would be worse.
    package let undated: Quantity
    /// Open lines due after the window.
    package let beyond: Quantity
    /// Our own actions that no feed has shown yet.
    package let pending: Quantity

    /// - Parameter end: the last day of the window, in the location's calendar.
    package init(_ facts: DecisionFacts, until end: BusinessDate) throws(Fault) {
        let position = facts.position
        onHand = position.balance?.balance.onHand ?? .zero
        allocated = position.balance?.balance.allocated ?? .zero
        var sums = (due: Quantity.zero, late: Quantity.zero, undated: Quantity.zero, beyond: Quantity.zero)
        for line in position.supply {
            let open = try line.open
            switch line.expectedOn {
            case nil: sums.undated = try sums.undated + open
            case let day? where day < facts.today: sums.late = try sums.late + open
            case let day? where day <= end: sums.due = try sums.due + open
            default: sums.beyond = try sums.beyond + open
            }
        }
        (due, late, undated, beyond) = sums
        var asked = Quantity.zero
        for supply in facts.pending where supply.dueOn <= end { asked = try asked + supply.quantity }
        pending = asked
    }

    /// On hand, less what is promised, plus what comes in time.
    package var position: Quantity {
        get throws(Fault) { try Quantity.sum([onHand, due, late, undated, pending]) - allocated }
    }

    func findings(until end: BusinessDate) -> [CheckFinding] {
        var found = [
            CheckFinding(
                "openSupply", pending.isPositive || due.isPositive ? .adjusted : .passed,
                "On hand \(onHand), allocated \(allocated), due by \(end) \(due), asked for and not yet seen \(pending).")
        ]
        if late.isPositive {
            found.append(
                CheckFinding(
                    "lateSupply", .warned, "\(late) are overdue: expedite them or accept the delay; they are not ordered again."))
        }
        if undated.isPositive {
            found.append(
                CheckFinding("undatedSupply", .warned, "\(undated) are on order without a date; they are counted as cover."))
        }
        if beyond.isPositive {
            found.append(CheckFinding("farSupply", .passed, "\(beyond) come after \(end) and are no cover until then."))
        }
        return found
    }
}
