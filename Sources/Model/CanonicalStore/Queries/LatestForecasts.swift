import CanonicalModel
import Storage
import Vocabulary

/// The forecasts that count: of several sources' the one that was made last.
package enum LatestForecasts {
    /// - Returns: for each position that has any: the one observed last; of equal instants, the one written last.
    package static func get(
        _ positions: some Sequence<Position>, on connection: any Connection
    ) throws -> [Position: Stored<Forecast>] {
        var found: [Position: Stored<Forecast>] = [:]
        for group in positions.inStatementGroups() {
            let forecasts = try connection.rows(
                """
                \(SQL.wanted(group)) SELECT \(Stored<Forecast>.columns()) FROM wanted CROSS JOIN forecast
                WHERE item = wanted_item AND location = wanted_location
                ORDER BY observed_at, recorded_at, id
                """, Stored<Forecast>.init(row:))
            for forecast in forecasts { found[Position(forecast.entity.item, forecast.entity.location)] = forecast }
        }
        return found
    }
}
