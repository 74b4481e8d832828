import CoreMetrics
import EventLog
import Observability
import Storage
import Vocabulary

/// How the flow stands, for a monitoring system: read from the database each time somebody asks.
package struct FlowFigures: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    private struct Reading: Sendable {
        let states: [(state: ReplenishmentState, count: Int, oldest: Instant)]
        let attempts: [(system: String, outcome: String, count: Int)]
        let exceptions: [(team: String, open: Int, overdue: Int)]
        let position: Int64
        let targets: [TargetFigures]
    }

    /// Sets the gauges of the flow.
    package func record(in factory: any MetricsFactory) async throws {
        let now = services.clock.now()
        let reading = try await services.database.read { connection in try read(connection, now) }
        func set(_ name: String, _ labels: [(String, String)], _ value: Double) {
            factory.makeMeter(label: name, dimensions: labels).set(value)
        }
        for state in ReplenishmentState.allCases {
            let row = reading.states.first { $0.state == state }
            set(MetricName.recommendations, [("state", state.rawValue)], Double(row?.count ?? 0))
            guard !state.isFinal else { continue }
            set(MetricName.oldestSeconds, [("state", state.rawValue)], row.map { max(0, (now - $0.oldest).inSeconds) } ?? 0)
        }
        for row in reading.attempts {
            set(MetricName.attempts, [("system", row.system), ("outcome", row.outcome)], Double(row.count))
        }
        for row in reading.exceptions {
            set(MetricName.exceptions, [("team", row.team)], Double(row.open))
            set(MetricName.overdueExceptions, [("team", row.team)], Double(row.overdue))
        }
        set(MetricName.eventPosition, [], Double(reading.position))
        for target in reading.targets { target.record(set) }
        if let roundTrip = services.distance.roundTrip {
            set(MetricName.roundTrip, [], roundTrip.inSeconds)
            set(MetricName.standsAside, [], services.distance.standsAside ? 1 : 0)
        }
        for queue in services.queues.figures {
            set(MetricName.queueWaiting, [("queue", queue.name)], Double(queue.load))
            set(MetricName.queueBound, [("queue", queue.name)], Double(queue.bound))
        }
    }

    private func read(_ connection: any Connection, _ now: Instant) throws -> Reading {
        Reading(
            states: try connection.rows("SELECT state, COUNT(*), MIN(accepted_at) FROM replenishment GROUP BY state") { row in
                (try row[0], try row[1], try row[2])
            },
            attempts: try connection.rows(
                "SELECT system, COALESCE(outcome, 'open'), COUNT(*) FROM attempt GROUP BY system, COALESCE(outcome, 'open')"
            ) { row in (try row[0], try row[1], try row[2]) },
            // Teams whose queue is empty now are told as well: a gauge that is not set again would stay.
            exceptions: try connection.rows(
                """
                SELECT team, SUM(CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END),
                    SUM(CASE WHEN closed_at IS NULL AND due_at <= \(now) THEN 1 ELSE 0 END)
                FROM planning_exception GROUP BY team
                """
            ) { row in (try row[0], try row[1], try row[2]) },
            position: try services.events.head(on: connection),
            targets: try TargetFigures.read(services, at: now, on: connection))
    }
}
