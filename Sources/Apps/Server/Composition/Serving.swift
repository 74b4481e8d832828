import CanonicalModel
import ConsumptionAPI
import Cycles
import EventLog
import EventRelay
import Gateway
import Hummingbird
import Logging
import Observability
import ProcessAPI
import Replenishment
import ServiceLifecycle
import Storage
import SystemAPI
import UnixSignals
import Vocabulary

extension Plimsoll {
    /// Runs one server until it is told to stop by SIGTERM or SIGINT; what is under way then is finished first.
    ///
    /// - Parameter notice: given what an operator must see: the first administrator key, and the address.
    package static func serve(
        _ configuration: ServerConfiguration, clock: WallClock = .system, failpoints: Failpoints = .none,
        notice: @escaping @Sendable (String) -> Void
    ) async throws {
        let plimsoll = try await open(configuration, clock: clock, failpoints: failpoints)
        do {
            try await plimsoll.serve(notice)
        } catch {
            await plimsoll.close()
            throw error
        }
        await plimsoll.close()
    }

    private func serve(_ notice: @escaping @Sendable (String) -> Void) async throws {
        let gateway = makeGateway(PrometheusFactory())
        if let key = try await gateway.identities.bootstrap(at: services.clock.now()) {
            notice("Administrator key, shown this once: \(key)")
        }
        let application = application(gateway, notice)
        let patience = configuration.flow.drain + configuration.linger + .seconds(15)
        var services = ServiceGroupConfiguration(
            services: [.init(service: application), .init(service: FlowLoops(self))],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        services.maximumGracefulShutdownDuration = patience
        try await ServiceGroup(configuration: services).run()
    }

    private func makeGateway(_ metrics: PrometheusFactory) -> GatewayServices {
        let relay = configuration.nats.map { RelayFigures($0, in: services.database, logs: [services.events]) }
        var limits = configuration.http
        // Sockets to the database, and those that `SystemLink` opens.
        let needed =
            configuration.databaseConnections
            + configuration.systems.reduce(0) { $0 + 2 * ($1.inFlight ?? configuration.flow.inFlight) + 4 }
        limits.connections = FileDescriptors.connections(
            atMost: limits.connections, of: FileDescriptors.raise(), leaving: needed)
        return GatewayServices(
            database: services.database, clock: services.clock, randomness: services.randomness, limits: limits,
            probes: GatewayProbes(readiness: [
                ReadinessCheck("database") { [database = services.database] in
                    _ = try await database.read { connection in try connection.values("SELECT 1", as: Int.self) }
                },
                ReadinessCheck("running") { [drain = services.drain] in
                    if drain.began != nil { throw Fault.stopping }
                },
                ReadinessCheck("disk") { [database = services.database] in
                    if let fault = database.failure { throw fault }
                },
                ReadinessCheck("near") { [distance = services.distance] in
                    if distance.standsAside { throw Fault.standsAside }
                },
            ]) { [services, logger] in
                do {
                    try await FlowFigures(services).record(in: metrics)
                    try await relay?.record(in: metrics)
                } catch {
                    logger.error("the figures of the flow could not be read", metadata: ["error": "\(error)"])
                }
                return metrics.text()
            },
            refusal: refusal, metrics: metrics, logger: logger)
    }

    /// Why nothing is to be changed through this process now; nil while it may.
    @Sendable func refusal() -> Fault? {
        services.database.failure ?? (services.distance.standsAside ? .standsAside : nil)
    }

    private func application(
        _ gateway: GatewayServices, _ notice: @escaping @Sendable (String) -> Void
    ) -> some ApplicationProtocol {
        let router = makeRouter(
            gateway,
            routes: [
                SystemRoutes(gateway, flow: services), ProcessRoutes(gateway, flow: services, plans: configuration.plans),
                ConsumptionRoutes(gateway, flow: services, auditKey: signingKey.publicKey.text),
            ])
        let address = "http://\(configuration.host)"
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionShedding(gateway.admission)],
                    idleTimeout: .milliseconds(configuration.http.idle.microseconds / 1000))),
            configuration: .init(address: .hostname(configuration.host, port: configuration.port), serverName: "plimsoll"),
            onServerRunning: { channel in notice("Plimsoll is ready at \(address):\(channel.localAddress?.port ?? 0)") },
            logger: logger)
    }

    /// Reads one outside system now.
    ///
    /// - Throws: `input.notFound` for a system that is not configured.
    package func synchronize(_ name: ID<ExternalSystem>) async throws -> SyncSummary {
        guard let system = services.systems[name] else { throw Fault.notFound("System \(name)") }
        return try await Synchronizer(system, services).run()
    }
}

extension Fault {
    fileprivate static let stopping = Fault(.stopping, .retry(), "This process was told to stop.")

    fileprivate static let standsAside = Fault(
        .standsAside, .retry(after: .seconds(2)),
        "This replica is far from the database and leaves the work to others that are nearer: send it to one of them.")
}

extension Fault.Code {
    /// The process was told to stop; another replica answers.
    package static let stopping = Self("server.stopping")
    /// The process has a slow way to the database, and others that are nearer do the work.
    package static let standsAside = Self("server.standsAside")
}
