import CanonicalModel
import Storage
import Vocabulary

/// A bought line that has all arrived, with the days that its books name.
package struct ReceivedLine: Hashable, Sendable {
    package let supplier: ID<Supplier>
    package let orderedOn: BusinessDate
    package let receivedOn: BusinessDate
    /// What the supplier's sourcing states for the item; nil when there is none any more.
    package let statedDays: Double?

    /// Negative where an order was typed in after its goods had come.
    package var days: Int { receivedOn.days(since: orderedOn) }
}

/// What has arrived from suppliers: the lines of which both days are known.
package enum ReceivedLines {
    private static let closed: SQL = "kind = 'purchase' AND state = 'received' AND ordered_on IS NOT NULL"

    /// - Returns: for each position that has any: its receipts since a day, the newest first.
    package static func at(
        _ positions: some Sequence<Position>, since: BusinessDate, on connection: any Connection
    ) throws -> [Position: [ReceivedLine]] {
        var found: [Position: [ReceivedLine]] = [:]
        for group in positions.inStatementGroups() {
            let receipts = try connection.rows(
                """
                \(SQL.wanted(group)) SELECT item, destination, supplier, ordered_on, received_on
                FROM wanted CROSS JOIN supply_line
                WHERE item = wanted_item AND destination = wanted_location AND received_on >= \(since) AND \(closed)
                    AND supplier IS NOT NULL
                ORDER BY received_on DESC, id
                """
            ) { row in
                (
                    Position(try row[0], try row[1]),
                    ReceivedLine(supplier: try row[2], orderedOn: try row[3], receivedOn: try row[4], statedDays: nil)
                )
            }
            for (position, receipt) in receipts { found[position, default: []].append(receipt) }
        }
        return found
    }

    /// The newest receipts of suppliers, of whatever item at whatever location, beside what was stated for each.
    ///
    /// - Parameter limit: of one supplier.
    package static func of(
        _ suppliers: some Sequence<ID<Supplier>>, since: BusinessDate, limit: Int = 100, on connection: any Connection
    ) throws -> [ID<Supplier>: [ReceivedLine]] {
        let suppliers = Set(suppliers).sorted()
        let found = try connection.rows(forEach: suppliers) { supplier in
            """
            SELECT r.ordered_on, r.received_on, (
                SELECT s.lead_time_days FROM sourcing s
                WHERE s.item = r.item AND s.supplier = \(supplier) AND (s.location = r.destination OR s.location IS NULL)
                ORDER BY CASE WHEN s.location IS NULL THEN 1 ELSE 0 END, s.rank LIMIT 1)
            FROM (
                SELECT item, destination, ordered_on, received_on FROM supply_line
                WHERE supplier = \(supplier) AND received_on >= \(since) AND \(closed)
                ORDER BY received_on DESC, id LIMIT \(limit)) r
            """
        } _: { row in
            (try row[0] as BusinessDate, try row[1] as BusinessDate, try row[2] as Double?)
        }
        return zip(suppliers, found).reduce(into: [:]) { receipts, entry in
            guard !entry.1.isEmpty else { return }
            receipts[entry.0] = entry.1.map {
                ReceivedLine(supplier: entry.0, orderedOn: $0.0, receivedOn: $0.1, statedDays: $0.2)
            }
        }
    }
}
