import CanonicalModel
import Cycles
import EventRelay
import Gateway
import Replenishment
import Vocabulary

/// How one deployment is set up: one YAML file, and the environment on top of it.
package struct ServerConfiguration: Sendable, Hashable {
    /// A file name for the embedded database, or a PostgreSQL connection string.
    package var database = "plimsoll.sqlite"
    package var databaseConnections = 8
    package var host = "127.0.0.1"
    package var port = 8460
    /// Where the key that signs audit checkpoints is kept; made at the first start.
    package var auditKey = "plimsoll-audit.key"
    /// Where signed checkpoints are written besides the database; empty for nowhere.
    package var auditCheckpoints = "plimsoll-checkpoints.ndjson"
    /// The file of the decision table; nil for the standard one.
    package var decisionTable: String?
    package var replica = "plimsoll"
    package var systems: [System] = []
    package var plans: [CyclePlan] = []
    package var flow = FlowSettings()
    /// How long requests are still taken after the process was told to stop and says that it is not ready.
    package var linger = Duration.zero
    /// How much callers may ask for.
    package var http = GatewayLimits()
    /// The broker that events are published to; nil for none.
    package var nats: RelaySettings?
    /// `info`, `debug`, …
    package var logLevel = "info"

    package init() {}

    /// One outside system and the connector that speaks to it.
    package struct System: Sendable, Hashable {
        package var name: ID<ExternalSystem>
        package var connector: String
        package var settings: [String: String]
        /// How often it is read; nil when only on request.
        package var syncEvery: Duration?
        /// Calls under way to it at once; nil for `flow.inFlight`.
        package var inFlight: Int?
        /// Requests a second that it takes at most; nil for as many as it turns out to take.
        package var requestsPerSecond: Double?

        package init(name: ID<ExternalSystem>, connector: String, settings: [String: String], syncEvery: Duration? = nil) {
            self.name = name
            self.connector = connector
            self.settings = settings
            self.syncEvery = syncEvery
        }
    }

    package var isPostgres: Bool {
        database.hasPrefix("postgres://") || database.hasPrefix("postgresql://") || database.contains("=")
    }
}
