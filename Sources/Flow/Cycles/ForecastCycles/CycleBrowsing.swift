import CanonicalModel
import Replenishment
import Storage
import Vocabulary

/// How far the positions of one location are forecast.
package struct LocationCoverage: Codable, Hashable, Sendable {
    package let location: ID<Location>
    package let expected: Int
    package let forecast: Int
    package let provisional: Int
    package let uncovered: Int
}

extension CycleDesk {
    /// The latest cycles that have a position at one of some locations, newest first.
    ///
    /// - Parameter members: a subquery that answers the ids of the locations that the asker may see; nil for all.
    package func list(within members: SQL?, limit: Int = 100) async throws -> [CycleRow] {
        let condition: SQL =
            members.map { members in
                "EXISTS (SELECT 1 FROM cycle_position p WHERE p.cycle = cycle_run.id AND p.location IN (\(members)))"
            } ?? "1 = 1"
        return try await services.database.read { connection in
            try connection.rows(
                "SELECT \(CycleRow.columns) FROM cycle_run WHERE \(condition) ORDER BY opened_at DESC, id LIMIT \(limit)"
            ) { row in try CycleRow(row) }
        }
    }

    /// The cycles that a source forecasts or has forecast, the newest thousand, in the order of their ids.
    package func cycles(by source: ID<ExternalSystem>) async throws -> [CycleRow] {
        try await list(limit: 1000).filter { $0.plan.source == source }.sorted { $0.id < $1.id }
    }

    /// How much of a cycle lies within some locations.
    package enum Reach: Sendable { case none, some, all }

    package func reach(of members: SQL, into id: ID<ForecastCycle>) async throws -> Reach {
        try await services.database.read { connection in
            let found = try connection.first(
                """
                SELECT COUNT(*), COALESCE(SUM(CASE WHEN location IN (\(members)) THEN 1 ELSE 0 END), 0)
                FROM cycle_position WHERE cycle = \(id)
                """
            ) { row in (total: try row[0] as Int, within: try row[1] as Int) }
            guard let found, found.within > 0 else { return .none }
            return found.within == found.total ? .all : .some
        }
    }

    /// The locations of a plan that are not among some.
    package func locations(of plan: CyclePlan, outside members: SQL) async throws -> [ID<Location>] {
        try await services.database.read { connection in
            let within: [ID<Location>] = try connection.values(members)
            return try locations(of: plan, connection).map(\.id).filter { !Set(within).contains($0) }
        }
    }

    /// A cycle's coverage location by location.
    package func coverage(_ id: ID<ForecastCycle>, within members: SQL?) async throws -> [LocationCoverage] {
        let condition: SQL = members.map { "AND location IN (\($0))" } ?? ""
        return try await services.database.read { connection in
            try connection.rows(
                """
                SELECT location, COUNT(*), SUM(CASE WHEN state = 'forecast' THEN 1 ELSE 0 END),
                    SUM(CASE WHEN state = 'provisional' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'expected' THEN 1 ELSE 0 END)
                FROM cycle_position WHERE cycle = \(id) \(condition) GROUP BY location ORDER BY location
                """
            ) { row in
                LocationCoverage(
                    location: try row[0], expected: try row[1], forecast: try row[2], provisional: try row[3],
                    uncovered: try row[4])
            }
        }
    }

    /// The positions that nobody has forecast yet, in the order of location and item.
    package func uncovered(_ id: ID<ForecastCycle>, within members: SQL?, limit: Int) async throws -> [PositionKey] {
        let condition: SQL = members.map { "AND location IN (\($0))" } ?? ""
        return try await services.database.read { connection in
            try connection.rows(
                """
                SELECT item, location FROM cycle_position WHERE cycle = \(id) AND state = 'expected' \(condition)
                ORDER BY location, item LIMIT \(limit)
                """
            ) { row in PositionKey(item: try row[0], location: try row[1]) }
        }
    }
}
