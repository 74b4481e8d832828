import CanonicalModel
import Storage
import Vocabulary

/// An item at a location.
package struct Position: Hashable, Sendable {
    package let item: ID<Item>
    package let location: ID<Location>

    package init(_ item: ID<Item>, _ location: ID<Location>) {
        self.item = item
        self.location = location
    }
}

extension SQL {
    /// Positions as the right side of `(item, location) IN (…)`.
    static func rows(_ positions: [Position]) -> SQL {
        "VALUES \(.joined(positions.map { position -> SQL in "(\(position.item), \(position.location))" }, separator: ", "))"
    }
}

/// What was ordered and has not all arrived.
package enum OpenSupply {
    /// - Returns: for each position that has any: its lines, the earliest expected first, those without a date last.
    package static func lines(
        towards positions: some Sequence<Position>, on connection: any Connection
    ) throws -> [Position: [Stored<SupplyLine>]] {
        var found: [Position: [Stored<SupplyLine>]] = [:]
        for group in Array(Set(positions)).inStatementGroups() {
            let lines = try connection.rows(
                """
                SELECT \(Stored<SupplyLine>.columns()) FROM supply_line
                WHERE (item, destination) IN (\(SQL.rows(group))) AND state NOT IN ('received', 'cancelled')
                ORDER BY COALESCE(committed_on, due_on, '9999-12-31'), id
                """, Stored<SupplyLine>.init(row:))
            for line in lines {
                found[Position(line.entity.item, line.entity.destination), default: []].append(line)
            }
        }
        return found
    }

    /// The lines that we asked for under our own reference, whatever their state.
    package static func lines(reference: String, on connection: any Connection) throws -> [Stored<SupplyLine>] {
        try connection.rows(
            "SELECT \(Stored<SupplyLine>.columns()) FROM supply_line WHERE reference = \(reference) ORDER BY id",
            Stored<SupplyLine>.init(row:))
    }
}
