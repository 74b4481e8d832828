import CanonicalModel
import CanonicalStore
import EventLog
import Replenishment
import Storage
import Vocabulary

/// Begins the engine's runs and tells how far they are.
package struct EngineRuns: Sendable {
    let services: FlowServices
    /// Positions in a chunk, or those of one item where they are more: what a replica holds in memory for each core, and loses
    /// when it dies.
    let chunk: Int

    package init(_ services: FlowServices, chunk: Int = 250) {
        self.services = services
        self.chunk = max(1, chunk)
    }

    /// Cuts what a cycle lacks into chunks for whoever computes; answered at once, and followed by `latest`.
    ///
    /// While a run of the cycle is under way, that one is answered: to ask twice is to ask once.
    ///
    /// - Parameter asProvisional: as the fallback for a source that is late.
    /// - Throws: `input.conflict` when the cycle is closed.
    package func begin(_ cycle: ID<ForecastCycle>, asProvisional: Bool = false) async throws -> EngineRun {
        let now = services.clock.now()
        return try await services.database.write { connection in
            let row = try CycleDesk(services).cycle(cycle, locked: true, connection)
            guard row.state != .closed else { throw Fault.conflict("Cycle \(cycle) is closed.") }
            if let running = try latest(of: cycle, connection), running.state == .running { return running }
            let id = ID<EngineRun>(services.randomness.identifier(at: now))
            try connection.run(
                """
                INSERT INTO engine_run (id, cycle, state, is_provisional, started_at)
                VALUES (\(id), \(cycle), \(EngineRun.State.running), \(asProvisional), \(now))
                """)
            try connection.run(
                """
                INSERT INTO engine_chunk (run, number, location, first_item, last_item, positions, state)
                SELECT \(id), ROW_NUMBER() OVER (ORDER BY part), \(EngineChunk.everywhere), MIN(item), MAX(item), SUM(n),
                    'waiting'
                FROM (
                    SELECT item, n, CAST(SUM(n) OVER (ORDER BY item) - 1 AS BIGINT) / \(chunk) AS part FROM (
                        SELECT item, COUNT(*) AS n FROM cycle_position
                        WHERE cycle = \(cycle) AND \(Self.lacking(asProvisional)) GROUP BY item
                    ) AS counted
                ) AS numbered GROUP BY part
                """)
            let run = try latest(of: cycle, connection)
            guard let run else { throw Fault.defect("A run of \(cycle) was begun and is not there.") }
            try publish("begun", run, connection, now)
            return run
        }
    }

    /// The positions of a cycle that a run is to forecast.
    static func lacking(_ isProvisional: Bool) -> SQL {
        isProvisional ? "state = 'expected'" : "state <> 'forecast'"
    }

    /// The run of a cycle that was begun last; nil when the engine was never asked.
    package func latest(of cycle: ID<ForecastCycle>) async throws -> EngineRun? {
        try await services.database.read { connection in try latest(of: cycle, connection) }
    }

    func latest(of cycle: ID<ForecastCycle>, _ connection: any Connection) throws -> EngineRun? {
        try connection.first(
            """
            SELECT \(EngineRun.columns) WHERE r.cycle = \(cycle) \(EngineRun.grouping)
            ORDER BY r.started_at DESC, r.id DESC LIMIT 1
            """
        ) { row in try EngineRun(row) }
    }

    /// Waits until no chunk of the cycle's run is left, by whomever they are computed.
    ///
    /// - Returns: the run as it ended.
    /// - Throws: `input.notFound` when the cycle was never run.
    package func finished(_ cycle: ID<ForecastCycle>) async throws -> EngineRun {
        while true {
            guard let run = try await latest(of: cycle) else { throw Fault.notFound("A run of cycle \(cycle)") }
            if run.state == .done { return run }
            try await services.clock.pause(.milliseconds(50))
        }
    }

    /// Ends runs of which nothing is left to do, and closes their cycles where everything is covered.
    ///
    /// - Returns: the runs that this call ended.
    @discardableResult
    func end() async throws -> [EngineRun] {
        let open: SQL = """
            state = 'running' AND NOT EXISTS (
                SELECT 1 FROM engine_chunk c WHERE c.run = engine_run.id AND c.state <> 'done')
            """
        let complete = try await services.database.read { connection in
            try connection.values("SELECT cycle FROM engine_run WHERE \(open) ORDER BY id", as: ID<ForecastCycle>.self)
        }
        var ended: [EngineRun] = []
        for cycle in complete {
            let now = services.clock.now()
            let run = try await services.database.write { connection -> EngineRun? in
                let count = try connection.run(
                    "UPDATE engine_run SET state = 'done', ended_at = \(now) WHERE cycle = \(cycle) AND \(open)")
                guard count == 1, let run = try latest(of: cycle, connection) else { return nil }
                let desk = CycleDesk(services)
                try desk.count(cycle, connection)
                if !run.isProvisional { try desk.closeIfCovered(cycle, connection, at: now) }
                try publish("ended", run, connection, now)
                return run
            }
            if let run { ended.append(run) }
        }
        return ended
    }

    private func publish(_ what: String, _ run: EngineRun, _ connection: any Connection, _ now: Instant) throws {
        try services.events.append(
            [NewEvent(type: "plimsoll.run.\(what)", subject: run.cycle.rawValue, data: run, source: "/cycles")],
            on: connection, at: now)
    }
}
