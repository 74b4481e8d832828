import CanonicalModel
import CanonicalStore
import EventLog
import Planning
import Replenishment
import Storage
import Vocabulary

/// Takes planners' overrides, shares them out among positions, and tells of them.
package struct OverrideDesk: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Positions that one override may be shared among.
    static let mostPositions = 20_000

    /// Takes an override; the next run of the built-in engine goes by it.
    ///
    /// - Parameter members: a subquery that answers the ids of the locations that the planner may act for; nil for all.
    /// - Throws: `input.invalid` for a wish that cannot be, `input.notFound` when no forecast of those days is known.
    package func add(_ wish: OverrideWish, by person: ID<Person>, within members: SQL?) async throws -> OverrideRow {
        let violations = wish.violations()
        guard violations.isEmpty, let figure = wish.figure else { throw Fault.invalid(violations) }
        let now = services.clock.now()
        return try await services.database.write { connection in
            let leaves = try leaves(of: wish, within: members, on: connection)
            let shares = try Self.shared(figure, leaves.map(\.units))
            let id = ID<OverrideRow>(services.randomness.identifier(at: now))
            let (before, after) = (leaves.reduce(0) { $0 + $1.units }, shares.reduce(0, +))
            try connection.run(
                """
                INSERT INTO planner_override (id, item, family, location, region, first_on, until_on, body, made_by, made_at,
                    statistical, units, positions)
                VALUES (\(id), \(wish.item), \(wish.family), \(wish.location), \(wish.region), \(wish.from), \(wish.until),
                    \(try JSON.text(of: wish)), \(person), \(now), \(before), \(after), \(leaves.count))
                """)
            try connection.run(forEach: Array(zip(leaves, shares))) { leaf, share in
                let part =
                    switch figure {
                    case .units: share
                    case .more: share - leaf.units
                    case .times(let factor): factor
                    }
                return """
                    INSERT INTO planner_override_part (planner_override, item, location, figure)
                    VALUES (\(id), \(leaf.position.item), \(leaf.position.location), \(part))
                    """
            }
            let row = try row(id, connection)
            try audit("override.made", row, by: person, connection, now)
            return row
        }
    }

    /// In proportion to what is forecast of each; alike where nothing is.
    private static func shared(_ figure: PlannerOverride.Figure, _ units: [Double]) throws -> [Double] {
        let hierarchy = try Hierarchy(leaves: units.indices.map(String.init), levels: [.total(units.count)])
        let override = PlannerOverride(node: 0, first: 0, last: 0, figure, madeBy: "", reason: "", madeAt: .epoch)
        let held = try OverriddenForecast(hierarchy, statistical: units.map { [$0] }, [override]).final
        return held[hierarchy.aggregates...].map { $0[0] }
    }

    private struct Leaf {
        let position: PositionKey
        /// Forecast over the override's days.
        let units: Double
    }

    /// The positions that it is about, with what the engine's newest forecast expects of its days.
    private func leaves(of wish: OverrideWish, within members: SQL?, on connection: any Connection) throws -> [Leaf] {
        var condition: SQL = "f.source = \(ID<ExternalSystem>.builtInEngine) AND i.is_retired = 0 AND l.is_active = 1"
        if let item = wish.item { condition = condition + " AND f.item = \(item)" }
        if let family = wish.family { condition = condition + " AND i.family = \(family)" }
        if let location = wish.location { condition = condition + " AND f.location = \(location)" }
        if let region = wish.region { condition = condition + " AND l.region = \(region)" }
        let everything = condition
        if let members { condition = condition + " AND f.location IN (\(members))" }
        let ids = try connection.values(Self.named(condition), as: ID<Forecast>.self)
        guard !ids.isEmpty else { throw Fault.notFound("A forecast of the built-in engine for these positions") }
        guard ids.count <= Self.mostPositions else {
            throw Fault.invalid("item", found: "\(ids.count) positions", expected: "at most \(Self.mostPositions)")
        }
        if members != nil, try connection.values(Self.named(everything), as: ID<Forecast>.self).count > ids.count {
            throw Fault.invalid("location", found: nil, expected: "only positions that your key is for")
        }
        let forecasts = try Records<Forecast>.get(ids, on: connection)
        let leaves = ids.compactMap { forecasts[$0]?.entity }.map { forecast in
            Leaf(
                position: PositionKey(item: forecast.item, location: forecast.location),
                units: forecast.units(from: wish.from, until: wish.until))
        }
        guard leaves.contains(where: { $0.units > 0 }) || wish.times == nil else {
            throw Fault.notFound("A forecast of these days to multiply")
        }
        return leaves
    }

    private static func named(_ condition: SQL) -> SQL {
        """
        SELECT f.id FROM forecast f JOIN item i ON i.id = f.item JOIN location l ON l.id = f.location
        WHERE \(condition) ORDER BY f.id LIMIT \(mostPositions + 1)
        """
    }

    /// Ends an override; the next run goes without it.
    ///
    /// - Throws: `input.notFound`, also for one that concerns other locations; `input.conflict` when it was withdrawn before.
    package func withdraw(_ id: ID<OverrideRow>, by person: ID<Person>, within members: SQL?) async throws -> OverrideRow {
        let now = services.clock.now()
        return try await services.database.write { connection in
            let row = try row(id, connection)
            if let members, try Self.reaches(beyond: members, id, connection) { throw Fault.notFound("Override \(id)") }
            guard row.withdrawnAt == nil else { throw Fault.conflict("Override \(id) was withdrawn already.") }
            try connection.run(
                "UPDATE planner_override SET withdrawn_by = \(person), withdrawn_at = \(now) WHERE id = \(id)")
            let withdrawn = try self.row(id, connection)
            try audit("override.withdrawn", withdrawn, by: person, connection, now)
            return withdrawn
        }
    }

    private static func reaches(beyond members: SQL, _ id: ID<OverrideRow>, _ connection: any Connection) throws -> Bool {
        try connection.value(
            """
            SELECT 1 FROM planner_override_part WHERE planner_override = \(id) AND location NOT IN (\(members)) LIMIT 1
            """, as: Int.self) != nil
    }

    /// Those that hold for days to come, or all that ever were; the newest first.
    package func list(all: Bool, within members: SQL?, limit: Int) async throws -> [OverrideRow] {
        let today = TimeZoneName.utc.date(at: services.clock.now()).adding(days: -1)
        let holding: SQL = all ? "1 = 1" : "withdrawn_at IS NULL AND until_on > \(today)"
        let mine: SQL =
            members.map { members in
                """
                AND NOT EXISTS (SELECT 1 FROM planner_override_part p
                    WHERE p.planner_override = planner_override.id AND p.location NOT IN (\(members)))
                """
            } ?? ""
        return try await services.database.read { connection in
            try connection.rows(
                """
                SELECT \(OverrideRow.columns) FROM planner_override WHERE \(holding) \(mine)
                ORDER BY made_at DESC, id LIMIT \(limit)
                """
            ) { row in try OverrideRow(row) }
        }
    }

    private func row(_ id: ID<OverrideRow>, _ connection: any Connection) throws -> OverrideRow {
        let found = try connection.first("SELECT \(OverrideRow.columns) FROM planner_override WHERE id = \(id)") { row in
            try OverrideRow(row)
        }
        guard let found else { throw Fault.notFound("Override \(id)") }
        return found
    }

    private func audit(
        _ kind: String, _ row: OverrideRow, by person: ID<Person>, _ connection: any Connection, _ now: Instant
    ) throws {
        let entry = try AuditEntry(kind: kind, subject: row.id.rawValue, actor: person.rawValue, body: row)
        _ = try services.audit.append([entry], on: connection, at: now)
    }
}

extension Forecast {
    /// The mean demand of some days within the forecast; `until` is not included.
    func units(from first: BusinessDate, until end: BusinessDate) -> Double {
        mean.enumerated().reduce(0) { sum, period in
            let begins = start.adding(days: period.offset * periodDays)
            let days = min(end, begins.adding(days: periodDays)).days(since: max(first, begins))
            return sum + period.element * Double(max(0, days)) / Double(periodDays)
        }
    }
}
