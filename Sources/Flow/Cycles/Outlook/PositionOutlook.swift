import CanonicalModel
import Planning
import Replenishment
import Vocabulary

/// How the stock of one item at one location will fare if nothing more is ordered, and how sure that is.
///
/// Overdue supply and supply without a date cover nothing until someone gives them one; what we have asked for ourselves and no
/// feed shows yet does. All quantities are in stocking units.
package struct PositionOutlook: Encodable, Sendable {
    package let item: ID<Item>
    package let location: ID<Location>
    /// The day it is at the location.
    package let asOf: BusinessDate
    /// On hand less allocated; nil when no system tells of any stock here.
    package let available: Double?
    /// Open supply and what we asked for, whenever it comes.
    package let coming: Double
    /// Of that, what should be here already or has no date.
    package let overdue: Double
    package let safetyStock: Double?
    /// What the forecast says of it; nil when there is no balance, or no forecast that reaches beyond today.
    package let course: StockCourse?
    /// Why there is no `course`.
    package let unknown: String?

    package init(_ facts: DecisionFacts) throws {
        let position = facts.position
        item = position.item.id
        location = position.location.id
        asOf = facts.today
        available = position.balance.map { $0.balance.onHand.double - $0.balance.allocated.double }
        safetyStock = position.policy?.levels.safetyStock.double
        let arrivals = try Arrivals(facts)
        coming = arrivals.total
        overdue = arrivals.overdue
        guard let available else {
            (course, unknown) = (nil, "No system tells of any stock here.")
            return
        }
        guard let forecast = position.forecast, let ahead = DemandAhead(forecast, from: facts.today, position.item) else {
            (course, unknown) = (nil, position.forecast == nil ? "There is no forecast." : "The forecast ends before today.")
            return
        }
        course = try StockCourse(available: available, arrivals, ahead, facts)
        unknown = nil
    }
}

/// What is to arrive, and when.
struct Arrivals {
    private(set) var dated: [(day: BusinessDate, quantity: Double)] = []
    private(set) var overdue = 0.0

    init(_ facts: DecisionFacts) throws {
        for line in facts.position.supply {
            let open = try line.open.double
            if let day = line.expectedOn, day >= facts.today { dated.append((day, open)) } else { overdue += open }
        }
        for supply in facts.pending {
            let quantity = supply.quantity.double
            if supply.dueOn >= facts.today { dated.append((supply.dueOn, quantity)) } else { overdue += quantity }
        }
    }

    var total: Double { dated.reduce(overdue) { $0 + $1.quantity } }
}
