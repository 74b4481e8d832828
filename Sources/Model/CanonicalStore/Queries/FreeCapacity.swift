import CanonicalModel
import Storage
import Vocabulary

/// How much room locations have left.
package enum FreeCapacity {
    /// - Returns: for each location whose capacity is limited: what is neither taken nor on its way to be; negative
    ///   when more is expected than fits. In the unit that `Item.space` counts.
    /// - Complexity: reads every balance of the locations.
    package static func of(_ locations: some Sequence<Location>, on connection: any Connection) throws -> [ID<Location>: Quantity]
    {
        let capacities = Dictionary(locations.map { ($0.id, $0.capacity) }) { first, _ in first }.compactMapValues(\.self)
        guard !capacities.isEmpty else { return [:] }
        var taken: [ID<Location>: Double] = [:]
        for group in capacities.keys.sorted().inRuns(of: 2000) {
            // Whole millionths multiplied would leave 64 bits; space needs no more digits than a double has.
            let rows = try connection.rows(
                """
                SELECT balance.location,
                    SUM(CAST(balance.on_hand + balance.in_transit + balance.on_order AS DOUBLE PRECISION) * item.space)
                FROM balance, item
                WHERE balance.location \(anyOf: group) AND item.id = balance.item AND item.space > 0
                GROUP BY balance.location
                """
            ) { row in (try row[0] as ID<Location>, try row[1] as Double) }
            for (location, sum) in rows { taken[location] = sum / 1e12 }
        }
        return try capacities.reduce(into: [:]) { free, entry in
            free[entry.key] = try entry.value - Quantity(rounding: taken[entry.key] ?? 0)
        }
    }
}
