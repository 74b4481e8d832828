import CanonicalModel
import Storage
import Vocabulary

/// From whom items can be bought.
package enum SourcingOptions {
    /// - Returns: for each item all ways to buy it from suppliers that are known and not blocked, best rank first;
    ///   their validity and the locations they serve are left to the caller.
    package static func of(_ items: some Sequence<ID<Item>>, on connection: any Connection) throws -> [ID<Item>: [SourcingFacts]]
    {
        var sourcings: [Sourcing] = []
        for group in Set(items).sorted().inRuns(of: 2000) {
            sourcings += try connection.rows(
                "SELECT \(Stored<Sourcing>.columns()) FROM sourcing WHERE item \(anyOf: group) ORDER BY rank, id"
            ) { row in try Stored<Sourcing>(row: row).entity }
        }
        let suppliers = try Records<Supplier>.get(sourcings.map(\.supplier), on: connection)
        return sourcings.reduce(into: [:]) { options, sourcing in
            guard let supplier = suppliers[sourcing.supplier]?.entity, !supplier.isBlocked else { return }
            options[sourcing.item, default: []].append(SourcingFacts(sourcing, supplier: supplier))
        }
    }
}

extension SourcingFacts {
    /// Whether the item can be bought this way for `location` on `date`.
    func serves(_ location: ID<Location>, on date: BusinessDate) -> Bool {
        (sourcing.location == nil || sourcing.location == location) && sourcing.isValid(on: date)
    }
}
