import CanonicalModel
import CanonicalStore
import EventLog
import Replenishment
import Storage
import Vocabulary

/// Opens forecast cycles, takes forecasts in, watches their coverage and closes them.
package struct CycleDesk: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Opens a cycle and writes down which positions it is to cover.
    ///
    /// - Throws: `input.invalid` for a plan that cannot run, `input.conflict` while a cycle of the plan is running.
    package func open(_ plan: CyclePlan) async throws -> CycleRow {
        let violations = plan.violations()
        guard violations.isEmpty else { throw Fault.invalid(violations) }
        let now = services.clock.now()
        return try await services.database.write { connection in
            let running: String? = try connection.value(
                "SELECT id FROM cycle_run WHERE name = \(plan.name) AND state <> 'closed'")
            if let running { throw Fault.conflict("Cycle \(running) of the plan \(plan.name) is still running.") }
            let id = ID<ForecastCycle>("\(plan.name)-\(services.randomness.identifier(at: now))")
            try connection.run(
                """
                INSERT INTO cycle_run (id, name, plan, state, opened_at, due_at)
                VALUES (\(id), \(plan.name), \(try JSON.text(of: plan)), \(CycleRow.State.open), \(now), \(now + plan.deadline))
                """)
            for location in try locations(of: plan, connection) { try expect(at: location, in: id, connection) }
            try connection.run(
                "UPDATE cycle_run SET expected = (SELECT COUNT(*) FROM cycle_position WHERE cycle = \(id)) WHERE id = \(id)")
            let cycle = try cycle(id, connection)
            try publish("opened", cycle, connection, now)
            return cycle
        }
    }

    /// The active locations that a plan names, in the order of their ids.
    func locations(of plan: CyclePlan, _ connection: any Connection) throws -> [Location] {
        let everything = plan.regions.isEmpty && plan.locations.isEmpty
        let scope: SQL = everything ? "1 = 1" : "region IN (\(list: plan.regions)) OR id IN (\(list: plan.locations))"
        return try Records<Location>.page(limit: 10_000, where: "is_active = 1 AND (\(scope))", on: connection).map(\.entity)
    }

    /// A position is forecast when there is a policy for it or demand was ever recorded.
    private func expect(at location: Location, in cycle: ID<ForecastCycle>, _ connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO cycle_position (cycle, location, item, state)
            SELECT \(cycle), \(location.id), i.id, 'expected' FROM item i
            WHERE i.is_retired = 0 AND (
                EXISTS (SELECT 1 FROM inventory_policy p WHERE p.item = i.id AND p.location = \(location.id))
                OR EXISTS (SELECT 1 FROM demand_series d WHERE d.item = i.id AND d.location = \(location.id)))
            """)
    }

    /// Stores forecasts that a source delivered for a cycle; each has its own result, in order.
    ///
    /// - Throws: `input.notFound`; `replenishment.wrongState` when the cycle is closed or the source is another one.
    package func takeIn(_ forecasts: [Forecast], for id: ID<ForecastCycle>, observedAt: Instant) async throws -> [UpsertResult] {
        let now = services.clock.now()
        return try await services.database.write { connection in
            let cycle = try cycle(id, connection)
            let strangers = forecasts.filter { $0.source != cycle.plan.source && !$0.isProvisional }
            if let stranger = strangers.first {
                throw Fault.conflict("Cycle \(id) is forecast by \(cycle.plan.source), not by \(stranger.source).")
            }
            let observed = forecasts.map { ($0, Provenance(system: $0.source, observedAt: observedAt)) }
            let results = try Records<Forecast>.upsert(observed, on: connection, at: now)
            var taken: [Forecast] = []
            for (forecast, result) in zip(forecasts, results) {
                if case .refused = result { continue }
                taken.append(forecast)
            }
            try connection.run(forEach: taken) { forecast in
                """
                INSERT INTO cycle_position (cycle, location, item, state)
                VALUES (\(id), \(forecast.location), \(forecast.item), \(forecast.isProvisional ? "provisional" : "forecast"))
                ON CONFLICT (cycle, location, item) DO UPDATE SET state = excluded.state
                """
            }
            try count(id, connection)
            try closeLateness(of: try self.cycle(id, connection), connection, now)
            try services.events.append(
                [
                    NewEvent(
                        type: "plimsoll.forecast.received", subject: id.rawValue, data: ["count": taken.count], source: "/cycles")
                ],
                on: connection, at: now)
            return results
        }
    }

    /// A late source that has delivered all is late no more.
    private func closeLateness(of cycle: CycleRow, _ connection: any Connection, _ now: Instant) throws {
        guard cycle.state == .late, cycle.forecast >= cycle.expected else { return }
        try Exceptions(connection: connection, now: now, services: services).close(
            subject: cycle.id.rawValue, kind: "lateForecast", by: cycle.plan.source.rawValue,
            "\(cycle.plan.source) has forecast all \(cycle.expected) positions.")
    }

    /// Brings the cycle's own figures up to date with its positions.
    func count(_ id: ID<ForecastCycle>, _ connection: any Connection) throws {
        try connection.run(
            """
            UPDATE cycle_run SET
                forecast = (SELECT COUNT(*) FROM cycle_position WHERE cycle = \(id) AND state = 'forecast'),
                provisional = (SELECT COUNT(*) FROM cycle_position WHERE cycle = \(id) AND state = 'provisional'),
                recommendations = (SELECT COUNT(*) FROM recommendation WHERE cycle = \(id))
            WHERE id = \(id)
            """)
    }

    /// Closes a cycle that is covered; one that is not stays open until it is, or until it is closed by force.
    ///
    /// - Throws: `input.conflict` naming how many positions are missing, unless `force` is set.
    package func close(_ id: ID<ForecastCycle>, force: Bool = false) async throws -> CycleRow {
        let now = services.clock.now()
        return try await services.database.write { connection in
            try count(id, connection)
            let cycle = try cycle(id, connection)
            guard cycle.state != .closed else { return cycle }
            let missing = cycle.expected - cycle.forecast - cycle.provisional
            guard missing <= 0 || force else {
                throw Fault.conflict("Cycle \(id) still lacks \(missing) of \(cycle.expected) positions; see its coverage.")
            }
            return try shut(id, connection, at: now)
        }
    }

    /// Closes a cycle that is covered, and leaves another one as it is.
    func closeIfCovered(_ id: ID<ForecastCycle>, _ connection: any Connection, at now: Instant) throws {
        let cycle = try cycle(id, connection)
        guard cycle.state != .closed, cycle.forecast + cycle.provisional >= cycle.expected else { return }
        _ = try shut(id, connection, at: now)
    }

    private func shut(_ id: ID<ForecastCycle>, _ connection: any Connection, at now: Instant) throws -> CycleRow {
        try connection.run("UPDATE cycle_run SET state = 'closed', closed_at = \(now) WHERE id = \(id)")
        try KeptForecasts.keep(id, connection, at: now)
        try Exceptions(connection: connection, now: now, services: services).close(
            subject: id.rawValue, by: "plimsoll", "The cycle is closed.")
        let closed = try cycle(id, connection)
        try publish("closed", closed, connection, now)
        return closed
    }

    /// Shows sources past their deadline as late, each with an exception that names what they leave uncovered.
    ///
    /// - Returns: the cycles that have just become late.
    @discardableResult
    package func markLate() async throws -> [CycleRow] {
        let now = services.clock.now()
        return try await services.database.write { connection in
            let overdue = try connection.rows(
                "SELECT \(CycleRow.columns) FROM cycle_run WHERE state = 'open' AND due_at <= \(now) AND forecast < "
                    + "expected ORDER BY due_at"
            ) { row in try CycleRow(row) }
            return try overdue.map { cycle in
                try connection.run("UPDATE cycle_run SET state = 'late' WHERE id = \(cycle.id)")
                let uncovered = try uncovered(cycle.id, limit: 5, connection)
                let names = uncovered.map { "\($0.item) at \($0.location)" }.joined(separator: ", ")
                let missing = cycle.expected - cycle.forecast
                try Exceptions(connection: connection, now: now, services: services).open(
                    "lateForecast", subject: cycle.id.rawValue, team: "planning",
                    summary:
                        "\(cycle.plan.source) was to forecast by \(cycle.dueAt) and leaves \(missing) of "
                        + "\(cycle.expected) uncovered: \(names)\(missing > 5 ? ", …" : "").",
                    due: .hours(2))
                let late = try self.cycle(cycle.id, connection)
                try publish("late", late, connection, now)
                return late
            }
        }
    }

    /// The positions that nobody has forecast yet, in the order of location and item.
    package func uncovered(_ id: ID<ForecastCycle>, limit: Int = 1000) async throws -> [PositionKey] {
        try await services.database.read { connection in try uncovered(id, limit: limit, connection) }
    }

    func uncovered(_ id: ID<ForecastCycle>, limit: Int, _ connection: any Connection) throws -> [PositionKey] {
        try connection.rows(
            "SELECT item, location FROM cycle_position WHERE cycle = \(id) AND state = 'expected' ORDER BY location, "
                + "item LIMIT \(limit)"
        ) { row in PositionKey(item: try row[0], location: try row[1]) }
    }

    /// - Throws: `input.notFound`.
    package func cycle(_ id: ID<ForecastCycle>) async throws -> CycleRow {
        try await services.database.read { connection in try cycle(id, connection) }
    }

    func cycle(_ id: ID<ForecastCycle>, locked: Bool = false, _ connection: any Connection) throws -> CycleRow {
        let lock: SQL = locked ? "\(.forUpdate)" : ""
        let found = try connection.first("SELECT \(CycleRow.columns) FROM cycle_run WHERE id = \(id) \(lock)") { row in
            try CycleRow(row)
        }
        guard let found else { throw Fault.notFound("Cycle \(id)") }
        return found
    }

    /// The latest cycles, newest first.
    package func list(limit: Int = 100) async throws -> [CycleRow] {
        try await services.database.read { connection in
            try connection.rows("SELECT \(CycleRow.columns) FROM cycle_run ORDER BY opened_at DESC, id LIMIT \(limit)") { row in
                try CycleRow(row)
            }
        }
    }

    private func publish(_ what: String, _ cycle: CycleRow, _ connection: any Connection, _ now: Instant) throws {
        try services.events.append(
            [NewEvent(type: "plimsoll.cycle.\(what)", subject: cycle.id.rawValue, data: cycle, source: "/cycles")],
            on: connection, at: now)
    }
}
