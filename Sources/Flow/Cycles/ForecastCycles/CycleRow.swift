import CanonicalModel
import Storage
import Vocabulary

/// One round of forecasting.
package struct CycleRow: Codable, Hashable, Sendable {
    package enum State: String, Codable, Sendable, SQLRepresentable {
        /// The source has the demand and is expected to deliver.
        case open
        /// The deadline has passed and something is missing.
        case late
        case closed
    }

    package let id: ID<ForecastCycle>
    package let plan: CyclePlan
    package let state: State
    package let openedAt: Instant
    package let dueAt: Instant
    package let closedAt: Instant?
    /// Positions that are to be forecast, and those that have been.
    package let expected: Int
    package let forecast: Int
    /// Positions that a fallback answers for.
    package let provisional: Int
    package let recommendations: Int

    static let columns: SQL = "id, plan, state, opened_at, due_at, closed_at, expected, forecast, provisional, recommendations"

    init(_ row: Row) throws {
        id = try row[0]
        plan = try JSON.decode(from: try row[1] as String)
        state = try row[2]
        openedAt = try row[3]
        dueAt = try row[4]
        closedAt = try row[5]
        expected = try row[6]
        forecast = try row[7]
        provisional = try row[8]
        recommendations = try row[9]
    }
}

package let cycleMigrations: [Migration] = [
    Migration("cycles-001-cycle") {
        """
        CREATE TABLE cycle_run (
            id \(.key) PRIMARY KEY, name \(.key) NOT NULL, plan TEXT NOT NULL, state \(.key) NOT NULL, opened_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL, closed_at BIGINT, expected BIGINT NOT NULL DEFAULT 0, forecast BIGINT NOT NULL DEFAULT 0,
            provisional BIGINT NOT NULL DEFAULT 0, recommendations BIGINT NOT NULL DEFAULT 0)
        """
        "CREATE INDEX cycle_run_state ON cycle_run (state, due_at)"
        // Two rounds of the same plan at once would each recommend the same goods.
        "CREATE UNIQUE INDEX cycle_run_running ON cycle_run (name) WHERE state <> 'closed'"
        """
        CREATE TABLE cycle_position (
            cycle \(.key) NOT NULL, location \(.key) NOT NULL, item \(.key) NOT NULL, state \(.key) NOT NULL,
            PRIMARY KEY (cycle, location, item))
        """
    },
    engineRunMigration,
    keptForecastMigration,
    itemChunkMigration,
    overrideMigration,
]
