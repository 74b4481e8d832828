import CanonicalModel
import CanonicalStore
import Planning
import Replenishment
import Storage
import Vocabulary

/// The parts of planners' overrides that some positions have, of days that are still to come.
struct PositionOverrides: Sendable {
    private var parts: [PositionKey: [LeafOverride]] = [:]

    init(of positions: [PositionKey], from today: BusinessDate, on connection: any Connection) throws {
        // Most of the time nobody has overridden anything.
        let holding: SQL = "withdrawn_at IS NULL AND until_on > \(today)"
        guard
            try connection.value("SELECT 1 FROM planner_override WHERE \(holding) LIMIT 1", as: Int.self) != nil
        else { return }
        for item in Set(positions.map(\.item)).sorted() {
            let found = try connection.rows(
                """
                SELECT p.location, o.first_on, o.until_on, o.body, p.figure, o.made_at
                FROM planner_override_part p JOIN planner_override o ON o.id = p.planner_override
                WHERE p.item = \(item) AND \(holding) ORDER BY o.made_at, o.id
                """
            ) { row in
                let wish: OverrideWish = try JSON.decode(from: try row[3] as String)
                let figure: Double = try row[4]
                return (
                    PositionKey(item: item, location: try row[0]),
                    LeafOverride(
                        from: try row[1], until: try row[2],
                        wish.units != nil ? .units(figure) : wish.more != nil ? .more(figure) : .times(figure),
                        madeAt: try row[5])
                )
            }
            for (position, part) in found { parts[position, default: []].append(part) }
        }
    }

    /// What a forecast becomes; nil when nobody has overridden it.
    func applied(to forecast: SeriesForecast, of position: PositionKey, start: BusinessDate, periodDays: Int) -> SeriesForecast? {
        guard let parts = parts[position],
            let adjustment = LeafOverride.adjustment(parts, of: forecast.mean, start: start, periodDays: periodDays)
        else { return nil }
        var held = adjustment.applied(to: forecast)
        let (before, after) = (forecast.mean.reduce(0, +), held.mean.reduce(0, +))
        held.explanation.notes.append(
            "A planner made \((after * 10).rounded() / 10) of \((before * 10).rounded() / 10) units that were forecast.")
        return held
    }
}
