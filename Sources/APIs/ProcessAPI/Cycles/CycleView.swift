import CanonicalModel
import Cycles
import Vocabulary

/// A forecast cycle as it is shown.
struct CycleView: Encodable, Sendable {
    let id: ID<ForecastCycle>
    let plan: Plan
    let state: CycleRow.State
    let openedAt: Instant
    let dueAt: Instant
    let closedAt: Instant?
    /// Positions that are to be forecast, those that have been, and those that a fallback answers for.
    let expected: Int
    let forecast: Int
    let provisional: Int
    let recommendations: Int
    /// How far the built-in engine is; left out in lists, and where it was never asked.
    let run: EngineRun?

    struct Plan: Encodable, Sendable {
        let name: String
        let source: ID<ExternalSystem>
        let regions: [String]
        let locations: [ID<Location>]
        let periodDays: Int
        let horizon: Int
    }

    init(_ row: CycleRow, run: EngineRun? = nil) {
        self.run = run
        id = row.id
        plan = Plan(
            name: row.plan.name, source: row.plan.source, regions: row.plan.regions, locations: row.plan.locations,
            periodDays: row.plan.periodDays, horizon: row.plan.horizon)
        state = row.state
        openedAt = row.openedAt
        dueAt = row.dueAt
        closedAt = row.closedAt
        expected = row.expected
        forecast = row.forecast
        provisional = row.provisional
        recommendations = row.recommendations
    }
}

struct CoverageView: Encodable, Sendable {
    struct Position: Encodable, Sendable {
        let item: ID<Item>
        let location: ID<Location>
    }

    let cycle: ID<ForecastCycle>
    let locations: [LocationCoverage]
    /// The first positions that nobody has forecast yet.
    let uncovered: [Position]
}
