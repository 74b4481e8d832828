import CanonicalModel
import Vocabulary

/// What the outside systems have in their books: the truth that we only read about.
package struct Books: Sendable {
    /// One change that a call of ours made, in the order of the changes.
    package struct Effect: Sendable {
        package let reference: String
        package let action: Action
        package let at: Instant
        /// A backup was put back since, and the effect is gone.
        package var isUndone = false
    }

    package struct Place: Hashable, Comparable, Sendable {
        package let item: ID<Item>
        package let location: ID<Location>

        package static func < (left: Place, right: Place) -> Bool {
            (left.location, left.item) < (right.location, right.item)
        }
    }

    /// Something on its way to a place; ours have a reference.
    struct Order: Sendable {
        let number: String
        let place: Place
        let quantity: Quantity
        let dueOn: BusinessDate
        let reference: String?
    }

    package private(set) var effects: [Effect] = []
    package private(set) var stock: [Place: Quantity] = [:]
    package private(set) var policies: [Place: PolicyLevels] = [:]
    private(set) var orders: [Order] = []

    init() {
        for location in Company.locations {
            for item in Company.items {
                let place = Place(item: item, location: location.id)
                stock[place] = Quantity(Company.openingStock(at: location.id))
                policies[place] = Company.levels
            }
        }
    }

    /// Whether something is there under the reference.
    func holds(_ reference: String, _ action: Action) -> Bool {
        if case .setInventoryPolicy(let change) = action {
            return policies[Place(item: change.item, location: change.location)] == change.levels
        }
        return effects.contains { $0.reference == reference && !$0.isUndone }
    }

    /// Does what is asked, as often as it is asked.
    mutating func apply(_ action: Action, _ reference: String, at now: Instant) {
        switch action {
        case .setInventoryPolicy(let change):
            let place = Place(item: change.item, location: change.location)
            // The same levels again are no change.
            guard policies[place] != change.levels else { return }
            policies[place] = change.levels
        case .createTransfer(let transfer):
            let place = Place(item: transfer.item, location: transfer.destination)
            take(transfer.quantity, from: Place(item: transfer.item, location: transfer.origin))
            orders.append(
                Order(
                    number: "T\(orders.count)", place: place, quantity: transfer.quantity, dueOn: transfer.dueOn,
                    reference: reference))
        case .createPurchaseProposal(let purchase):
            let place = Place(item: purchase.item, location: purchase.location)
            let quantity = purchase.quantities.reduce(Quantity.zero) { Quantity(scaled: $0.scaled + $1.scaled) }
            orders.append(
                Order(
                    number: "P\(orders.count)", place: place, quantity: quantity, dueOn: purchase.dueOn, reference: reference))
        }
        effects.append(Effect(reference: reference, action: action, at: now))
    }

    /// Somebody orders by hand.
    mutating func order(_ quantity: Int, to place: Place, dueOn: BusinessDate) {
        orders.append(
            Order(number: "H\(orders.count)", place: place, quantity: Quantity(quantity), dueOn: dueOn, reference: nil))
    }

    /// Somebody buys.
    mutating func sell(_ quantity: Int, at place: Place) {
        take(min(Quantity(quantity), stock[place] ?? .zero), from: place)
    }

    /// Puts back a backup from before the last effects of some locations.
    ///
    /// - Returns: how many are gone.
    mutating func restore(to instant: Instant, locations: Set<ID<Location>>) -> Int {
        var gone = 0
        for index in effects.indices.reversed() where effects[index].at > instant && !effects[index].isUndone {
            let effect = effects[index]
            guard locations.contains(effect.action.location) else { continue }
            effects[index].isUndone = true
            gone += 1
            switch effect.action {
            case .setInventoryPolicy(let change):
                policies[Place(item: change.item, location: change.location)] = change.previous ?? Company.levels
            case .createTransfer(let transfer):
                take(
                    Quantity(scaled: -transfer.quantity.scaled), from: Place(item: transfer.item, location: transfer.origin))
                orders.removeAll { $0.reference == effect.reference }
            case .createPurchaseProposal:
                orders.removeAll { $0.reference == effect.reference }
            }
        }
        return gone
    }

    private mutating func take(_ quantity: Quantity, from place: Place) {
        stock[place] = Quantity(scaled: (stock[place]?.scaled ?? 0) - quantity.scaled)
    }
}
