/// The metrics that Plimsoll tells, by the names that dashboards and alarms use.
package enum MetricName {
    package static let requests = "plimsoll_http_requests_total"
    package static let requestSeconds = "plimsoll_http_request_seconds"
    package static let recommendations = "plimsoll_recommendations"
    package static let oldestSeconds = "plimsoll_recommendation_oldest_seconds"
    package static let attempts = "plimsoll_attempts"
    package static let exceptions = "plimsoll_exceptions_open"
    package static let overdueExceptions = "plimsoll_exceptions_overdue"
    package static let lateCycles = "plimsoll_cycles_late"
    package static let eventPosition = "plimsoll_event_log_position"
    package static let targetWaiting = "plimsoll_target_waiting"
    package static let targetOldestSeconds = "plimsoll_target_oldest_seconds"
    package static let targetState = "plimsoll_target_state"
    package static let targetResting = "plimsoll_target_resting"
    package static let targetRate = "plimsoll_target_requests_per_second"
    package static let queueWaiting = "plimsoll_queue_waiting"
    package static let queueBound = "plimsoll_queue_bound"
    package static let roundTrip = "plimsoll_database_round_trip_seconds"
    package static let standsAside = "plimsoll_replica_stands_aside"
    package static let shed = "plimsoll_requests_shed_total"
    package static let relayUp = "plimsoll_relay_up"
    package static let relayUnpublished = "plimsoll_relay_unpublished"
    package static let relayWaiting = "plimsoll_relay_consumer_waiting"
    package static let relayUnacknowledged = "plimsoll_relay_consumer_unacknowledged"
    package static let relayPoison = "plimsoll_relay_poison"
}

/// What each of them counts, for the page's HELP lines.
let metricExplanations: [String: String] = [
    MetricName.requests: "Requests answered, by method, route and status.",
    MetricName.requestSeconds: "How long requests took, by route.",
    MetricName.recommendations: "Recommendations that are in each state now.",
    MetricName.oldestSeconds: "How long ago the oldest recommendation in each unfinished state was accepted.",
    MetricName.attempts: "Attempts to carry out actions, by system and outcome; open ones have the outcome open.",
    MetricName.exceptions: "Exceptions that wait for a person, by team.",
    MetricName.overdueExceptions: "Exceptions past their due time, by team.",
    MetricName.lateCycles: "Forecast cycles whose source is past its deadline.",
    MetricName.eventPosition: "The position of the last event of the log.",
    MetricName.targetWaiting: "Actions that wait for each system, approved or of unknown outcome.",
    MetricName.targetOldestSeconds: "How long the approved action has been waiting that has waited longest, by system.",
    MetricName.targetState: "1 for the state that a system is in: answering, failing, or onTrial.",
    MetricName.targetResting: "Whether a system is left alone for now, because it asked for it or because it fails: 1 or 0.",
    MetricName.targetRate: "Requests a second that this process allows itself to a system; +Inf while no limit was met.",
    MetricName.queueWaiting: "What waits in memory in each of this process's queues.",
    MetricName.queueBound: "How much may wait in each of this process's queues before more is turned away.",
    MetricName.roundTrip: "One round trip of this process to the database, the shortest of the last three looks.",
    MetricName.standsAside: "Whether this process leaves the work to others that are nearer to the database: 1 or 0.",
    MetricName.shed: "Requests and connections turned away because this process had too much to do, by the queue that was full.",
    MetricName.relayUp: "Whether NATS answers: 1 or 0.",
    MetricName.relayUnpublished: "Events of the log that NATS does not have yet, by shard.",
    MetricName.relayWaiting: "Messages of warehouses that wait in NATS, by consumer.",
    MetricName.relayUnacknowledged: "Messages of warehouses that were read and are not acknowledged, by consumer.",
    MetricName.relayPoison: "Messages of warehouses that can never be stored, kept with the reason.",
]
