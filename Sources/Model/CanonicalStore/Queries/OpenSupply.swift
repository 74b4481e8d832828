import CanonicalModel
import Storage
import Vocabulary

extension SQL {
    /// A `WITH` clause that makes positions the rows of `wanted (wanted_item, wanted_location)`.
    ///
    /// Joined first with CROSS JOIN it makes SQLite look up each position instead of reading through the whole table.
    static func wanted(_ positions: [Position]) -> SQL {
        let rows = positions.map { [$0.item.sqlValue, $0.location.sqlValue] }
        return "WITH wanted (wanted_item, wanted_location) AS (\(rows: rows))"
    }
}

extension Sequence<Position> {
    /// Each position once, in groups for statements.
    func inStatementGroups() -> [[Position]] {
        Array(Set(self)).inRuns(of: 2000).map(Array.init)
    }
}

/// What was ordered and has not all arrived.
package enum OpenSupply {
    /// - Returns: for each position that has any: its lines, the earliest expected first, those without a date last.
    package static func lines(
        towards positions: some Sequence<Position>, on connection: any Connection
    ) throws -> [Position: [Stored<SupplyLine>]] {
        var found: [Position: [Stored<SupplyLine>]] = [:]
        for group in positions.inStatementGroups() {
            let lines = try connection.rows(
                """
                \(SQL.wanted(group)) SELECT \(Stored<SupplyLine>.columns()) FROM wanted CROSS JOIN supply_line
                WHERE item = wanted_item AND destination = wanted_location AND state NOT IN ('received', 'cancelled')
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
