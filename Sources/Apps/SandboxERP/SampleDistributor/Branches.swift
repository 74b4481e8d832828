import Vocabulary

/// What a branch of the company keeps is a copy of what its parent warehouse keeps: a company as wide as a test of load needs.
protocol KeptAtLocation {
    /// Where it is, or what it is when it is a location itself.
    var place: String { get }
    func copied(to place: String) -> Self
}

extension Array where Element: KeptAtLocation {
    /// The same, with copies of everything in Atlanta for branches that are named `ATL-1` and so on.
    func withBranches(_ count: Int) -> [Element] {
        guard count > 0 else { return self }
        let parent = "ATL"
        return self + filter { $0.place == parent }.flatMap { row in (1...count).map { row.copied(to: "\(parent)-\($0)") } }
    }
}

extension ERPLocation: KeptAtLocation {
    var place: String { id }

    func copied(to place: String) -> ERPLocation {
        ERPLocation(
            id: place, changedAt: changedAt, title: "Branch \(place)", region: region, timeZone: timeZone, calendar: calendar,
            capacity: capacity)
    }
}

extension ERPBalance: KeptAtLocation {
    var place: String { location }

    func copied(to place: String) -> ERPBalance {
        ERPBalance(
            id: CompanyBooks.pairID(item, place), changedAt: changedAt, item: item, location: place, unit: unit, onHand: onHand,
            allocated: .zero, inTransit: .zero, onOrder: .zero)
    }
}

extension ERPPolicy: KeptAtLocation {
    var place: String { location }

    func copied(to place: String) -> ERPPolicy {
        ERPPolicy(
            id: CompanyBooks.pairID(item, place), changedAt: changedAt, item: item, location: place, unit: unit,
            reorderPoint: reorderPoint, safetyStock: safetyStock, orderUpTo: orderUpTo, orderQuantity: orderQuantity,
            serviceTarget: serviceTarget, serviceTargetType: serviceTargetType, trigger: trigger, reviewedOn: reviewedOn,
            version: version, reference: nil)
    }
}
