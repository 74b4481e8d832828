import CanonicalModel
import CanonicalStore
import EventLog
import Replenishment
import Storage
import Vocabulary

extension BuiltInEngine {
    /// Writes a chunk's answers: forecasts, coverage, exceptions and recommendations, and then that it is done.
    func write(
        _ output: ChunkOutput, for chunk: EngineChunk, _ cycle: CycleRow,
        _ completing: @escaping @Sendable (ChunkResult, any Connection, Instant) throws -> Void
    ) async throws {
        let now = services.clock.now()
        try await services.database.write { connection in
            try store(output.forecasts.map(\.stored) + output.overridden, connection, now)
            let covered = try cover(chunk, but: output.unforecast, connection)
            // From here on others wait, in the order in which all of the flow takes its locks: gate, chain, log, cycle.
            let receipts = try Intake(services).accept(
                output.recommendations, by: ID<ExternalSystem>.builtInEngine.rawValue, on: connection, at: now)
            try report(output.troubles, of: chunk, connection, now)
            let result = ChunkResult(
                forecasts: output.forecasts.count, recommendations: receipts.count { $0.kind == .accepted },
                troubled: Set(output.troubles.map(\.position)).count)
            try services.events.append(
                [
                    NewEvent(
                        type: "plimsoll.forecast.received", subject: cycle.id.rawValue, data: ["count": result.forecasts],
                        source: "/cycles")
                ],
                on: connection, at: now)
            try connection.run(
                """
                UPDATE cycle_run SET forecast = forecast + \(covered.forecast),
                    provisional = provisional + \(covered.provisional),
                    recommendations = recommendations + \(result.recommendations)
                WHERE id = \(cycle.id)
                """)
            try completing(result, connection, now)
        }
    }

    private func store(_ forecasts: [Forecast], _ connection: any Connection, _ now: Instant) throws {
        let provenance = Provenance(system: .builtInEngine, observedAt: now)
        let results = try Records<Forecast>.upsert(forecasts.map { ($0, provenance) }, on: connection, at: now)
        for (forecast, result) in zip(forecasts, results) {
            if case .refused(let violations) = result { throw Fault.invalid(violations.map { about($0, forecast) }) }
        }
    }

    private func about(_ violation: Violation, _ forecast: Forecast) -> Violation {
        Violation("\(forecast.item) \(violation.field)", found: violation.found, expected: violation.expected)
    }

    /// Marks the chunk's positions as forecast.
    ///
    /// - Returns: by how much the cycle's own figures change.
    private func cover(
        _ chunk: EngineChunk, but missing: [PositionKey], _ connection: any Connection
    ) throws -> (forecast: Int, provisional: Int) {
        let pairs = missing.map { [$0.item.sqlValue, $0.location.sqlValue] }
        let without: SQL = pairs.isEmpty ? "" : "AND (item, location) NOT IN (\(rows: pairs))"
        func move(_ from: String, to state: String) throws -> Int {
            try connection.run(
                """
                UPDATE cycle_position SET state = \(state) WHERE \(chunk.scope) AND state = \(from) \(without)
                """)
        }
        if chunk.isProvisional { return (0, try move("expected", to: "provisional")) }
        let replaced = try move("provisional", to: "forecast")
        return (try move("expected", to: "forecast") + replaced, -replaced)
    }

    /// Positions that cannot be planned are for a person to look at; the others go on.
    func report(_ troubles: [Trouble], of chunk: EngineChunk, _ connection: any Connection, _ now: Instant) throws {
        let exceptions = Exceptions(connection: connection, now: now, services: services)
        for trouble in troubles {
            try exceptions.open(
                "unplanned", subject: "\(chunk.cycle)|\(trouble.position.item)|\(trouble.position.location)", team: "planning",
                item: trouble.position.item, location: trouble.position.location,
                summary: "No policy could be computed: \(trouble.fault.message)")
        }
    }
}
