import CanonicalModel
import Replenishment
import Storage

extension FactsGatherer {
    /// What is known of the positions that have a policy or a forecast, of items that are not retired at locations in use: some
    /// of them, in the order of item and location.
    ///
    /// - Parameters:
    ///   - after: the `next` of the page before.
    ///   - limit: how many positions to look at.
    ///   - condition: on the position (`t`), its location (`l`) and its item (`i`).
    /// - Returns: `next` is nil on the last page.
    func planned(
        after: PositionKey?, limit: Int, where condition: SQL
    ) throws -> (facts: [DecisionFacts], next: PositionKey?) {
        let keys = try plannedPositions(after: after, limit: limit, where: condition)
        guard !keys.isEmpty else { return ([], nil) }
        return (try gather(for: keys).compactMap(\.facts), keys.count < limit ? nil : keys.last)
    }

    private func plannedPositions(after: PositionKey?, limit: Int, where condition: SQL) throws -> [PositionKey] {
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
