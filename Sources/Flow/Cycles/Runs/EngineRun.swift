import CanonicalModel
import Storage
import Vocabulary

/// One pass of the built-in engine over a cycle, cut into chunks that any replica takes.
///
/// It is begun by whoever asks (`EngineRuns.begin`), computed by every replica that has an `EngineWorker`, and followed by its
/// figures, which grow with each chunk that is done (`EngineRuns.latest`). When `state` is `done` nothing of it is left to do:
/// the cycle is then closed, unless positions remained without a forecast or the run was a fallback.
package struct EngineRun: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable, SQLRepresentable { case running, done }

    package let id: ID<EngineRun>
    package let cycle: ID<ForecastCycle>
    package let state: State
    /// A fallback for a source that is late: only what is uncovered is forecast, and nothing is closed.
    package let isProvisional: Bool
    package let startedAt: Instant
    package let endedAt: Instant?
    /// Positions that were to be forecast when it began, and those that have been looked at.
    package let positions: Int
    package let positionsDone: Int
    package let chunks: Int
    package let chunksDone: Int
    /// Chunks that replicas are computing now.
    package let chunksTaken: Int
    package let forecasts: Int
    package let recommendations: Int
    /// Positions without a forecast or without a policy; each has an exception that says why.
    package let troubled: Int

    static let columns: SQL = """
        r.id, r.cycle, r.state, r.is_provisional, r.started_at, r.ended_at, \
        COALESCE(SUM(c.positions), 0), COALESCE(SUM(CASE WHEN c.state = 'done' THEN c.positions ELSE 0 END), 0), \
        COUNT(c.number), COALESCE(SUM(CASE WHEN c.state = 'done' THEN 1 ELSE 0 END), 0), \
        COALESCE(SUM(CASE WHEN c.state = 'taken' THEN 1 ELSE 0 END), 0), \
        COALESCE(SUM(c.forecasts), 0), COALESCE(SUM(c.recommendations), 0), COALESCE(SUM(c.troubled), 0) \
        FROM engine_run r LEFT JOIN engine_chunk c ON c.run = r.id
        """
    static let grouping: SQL = "GROUP BY r.id, r.cycle, r.state, r.is_provisional, r.started_at, r.ended_at"

    init(_ row: Row) throws {
        id = try row[0]
        cycle = try row[1]
        state = try row[2]
        isProvisional = try row[3]
        startedAt = try row[4]
        endedAt = try row[5]
        positions = try row[6]
        positionsDone = try row[7]
        chunks = try row[8]
        chunksDone = try row[9]
        chunksTaken = try row[10]
        forecasts = try row[11]
        recommendations = try row[12]
        troubled = try row[13]
    }
}

/// The queue of the built-in engine's work: the database's rows, so that replicas share a run and survive each other.
let engineRunMigration = Migration("cycles-002-engine-run") {
    """
    CREATE TABLE engine_run (
        id \(.key) PRIMARY KEY, cycle \(.key) NOT NULL, state \(.key) NOT NULL, is_provisional SMALLINT NOT NULL,
        started_at BIGINT NOT NULL, ended_at BIGINT)
    """
    "CREATE INDEX engine_run_cycle ON engine_run (cycle, started_at)"
    "CREATE UNIQUE INDEX engine_run_running ON engine_run (cycle) WHERE state = 'running'"
    // The positions of one location, or of all where it is empty, between two items; how a run is cut never depends on who
    // computes it.
    """
    CREATE TABLE engine_chunk (
        run \(.key) NOT NULL, number BIGINT NOT NULL, location \(.key) NOT NULL, first_item \(.key) NOT NULL,
        last_item \(.key) NOT NULL, positions BIGINT NOT NULL, state \(.key) NOT NULL, epoch BIGINT,
        attempts BIGINT NOT NULL DEFAULT 0, started_at BIGINT, ended_at BIGINT, forecasts BIGINT NOT NULL DEFAULT 0,
        recommendations BIGINT NOT NULL DEFAULT 0, troubled BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (run, number))
    """
    "CREATE INDEX engine_chunk_open ON engine_chunk (state, run, number) WHERE state <> 'done'"
}

/// A chunk is some items at all their locations, so that a plan over the network sees each item whole.
let itemChunkMigration = Migration("cycles-004-item-chunks") {
    "CREATE INDEX cycle_position_item ON cycle_position (cycle, item)"
}
