import CanonicalModel
import Replenishment
import Storage

/// The positions that have a policy or a forecast, of items that are not retired at locations in use.
enum PlannedPositions {
    /// Some of them in the order of item and location.
    ///
    /// - Parameters:
    ///   - after: the last one of the page before.
    ///   - condition: on the position (`t`), its location (`l`) and its item (`i`).
    static func page(
        after: PositionKey?, limit: Int, where condition: SQL, on connection: any Connection
    ) throws -> [PositionKey] {
        func branch(_ table: String) -> SQL {
            let beyond: SQL = after.map { "AND (t.item, t.location) > (\($0.item), \($0.location))" } ?? ""
            return """
                SELECT * FROM (
                    SELECT DISTINCT t.item, t.location FROM \(identifier: table) t JOIN location l ON l.id = t.location
                        JOIN item i ON i.id = t.item
                    WHERE l.is_active = 1 AND i.is_retired = 0 AND \(condition) \(beyond)
                    ORDER BY t.item, t.location LIMIT \(limit)) \(identifier: "some_\(table)")
                """
        }
        return try connection.rows(
            """
            SELECT p.item, p.location FROM (\(branch("inventory_policy")) UNION \(branch("forecast"))) p
            ORDER BY p.item, p.location LIMIT \(limit)
            """
        ) { row in PositionKey(item: try row[0], location: try row[1]) }
    }
}
