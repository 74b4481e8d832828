import CanonicalModel
import ConnectorKit
import Observability
import Storage
import Vocabulary

/// How one outside system is doing and what waits for it, for a monitoring system and for people.
package struct TargetFigures: Sendable {
    package let system: ID<ExternalSystem>
    package let queue: TargetQueue
    package let oldest: Duration
    /// Nil for a system that has never been in trouble.
    package let standing: TargetStanding?
    /// What this process has found out of how much it takes.
    package let budget: ThrottleBudget.Standing?

    /// Of every configured system, in the order of their names.
    package static func read(
        _ services: FlowServices, at now: Instant, on connection: any Connection
    ) throws -> [TargetFigures] {
        let standings = try TargetStanding.all(at: now, on: connection)
        let queues = try TargetQueue.all(on: connection)
        return try services.systems.all.map { system in
            let queue = queues[system.name] ?? TargetQueue(approved: 0, unknown: 0)
            return TargetFigures(
                system: system.name, queue: queue,
                oldest: queue.approved > 0 ? try TargetQueue.age(of: system.name, at: now, on: connection) : .zero,
                standing: standings[system.name], budget: system.budget?.standing(at: now))
        }
    }

    func record(_ set: (_ name: String, _ labels: [(String, String)], _ value: Double) -> Void) {
        let name = ("system", system.rawValue)
        set(MetricName.targetWaiting, [name, ("state", "approved")], Double(queue.approved))
        set(MetricName.targetWaiting, [name, ("state", "unknown")], Double(queue.unknown))
        set(MetricName.targetOldestSeconds, [name], oldest.inSeconds)
        let state = standing?.state ?? .answering
        for one in TargetStanding.State.allCases {
            set(MetricName.targetState, [name, ("state", one.rawValue)], one == state ? 1 : 0)
        }
        set(MetricName.targetResting, [name], standing?.isResting == true ? 1 : 0)
        if let budget { set(MetricName.targetRate, [name], budget.perSecond) }
    }
}
