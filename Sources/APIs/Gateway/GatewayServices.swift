import CoreMetrics
import Logging
import Observability
import Storage
import Vocabulary

/// All that the ways in are given.
package struct GatewayServices: Sendable {
    package let database: any Database
    package let clock: WallClock
    /// Keys are made of it: outside tests it has to be unguessable.
    package let randomness: Randomness
    package let identities: Identities
    package let limits: GatewayLimits
    package let probes: GatewayProbes
    package let admission: Admission
    /// Why nothing is to be changed through this process now; nil while it may.
    let refusal: @Sendable () -> Fault?
    package let logger: Logger
    let metrics: RequestMetrics

    /// - Parameter metrics: where requests are counted.
    package init(
        database: any Database, clock: WallClock, randomness: Randomness, limits: GatewayLimits = GatewayLimits(),
        probes: GatewayProbes = GatewayProbes(), refusal: @escaping @Sendable () -> Fault? = { nil },
        metrics: any MetricsFactory = NOOPMetricsHandler.instance, logger: Logger
    ) {
        self.database = database
        self.clock = clock
        self.randomness = randomness
        self.identities = Identities(database: database, randomness: randomness)
        self.limits = limits
        self.probes = probes
        self.refusal = refusal
        let metrics = RequestMetrics(metrics)
        self.metrics = metrics
        admission = Admission(limits) { queue in metrics.recordShed(queue.rawValue) }
        self.logger = logger
    }
}

/// How much one caller may ask for; the configuration sets it.
package struct GatewayLimits: Sendable, Hashable {
    /// Bytes of an ordinary body.
    package var body = 1 << 20
    /// Bytes of a batch of recommendations or forecasts.
    package var batchBody = 16 << 20
    /// Bytes of an imported file, which is never in memory as a whole.
    package var importBody = 4 << 30
    /// Requests that one key may send at once, and how many it regains each second.
    package var burst = 200
    package var perSecond = 100.0
    /// Requests that are answered at the same time, the bytes of their bodies that are in memory, and open connections: what
    /// comes beyond is answered with 503.
    package var requestsInFlight = 512
    package var bodiesInFlight = 64 << 20
    package var connections = 4096
    /// How long a connection may stay open without a request.
    package var idle = Duration.seconds(60)
    /// How long the answer to a request with an idempotency key is remembered.
    package var replayable = Duration.hours(24)
    /// Objects and lists within each other in a JSON body.
    package var nesting = 32
    /// Recommendations or forecasts in one body.
    package var batch = 5000
    /// Where imported files rest while they are read.
    package var spoolFolder = "/tmp"

    package init() {}
}

/// What a supervisor and a monitoring system are told.
package struct GatewayProbes: Sendable {
    package let readiness: [ReadinessCheck]
    /// The metrics in Prometheus' text format.
    package let metrics: @Sendable () async -> String

    package init(readiness: [ReadinessCheck] = [], metrics: @escaping @Sendable () async -> String = { "" }) {
        self.readiness = readiness
        self.metrics = metrics
    }
}

/// One condition for taking requests.
package struct ReadinessCheck: Sendable {
    /// `database`, `migrations`, `lease`.
    package let name: String
    /// Throws while the condition does not hold; what it throws is logged, never answered.
    package let check: @Sendable () async throws -> Void

    package init(_ name: String, check: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.check = check
    }
}
