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
        let metrics = PrometheusFactory()
        let relay = configuration.nats.map { RelayFigures($0, in: services.database, logs: [services.events]) }
        let gateway = GatewayServices(
            database: services.database, clock: services.clock, randomness: services.randomness,
            probes: GatewayProbes(readiness: [
                ReadinessCheck("database") { [database = services.database] in
                    _ = try await database.read { connection in try connection.values("SELECT 1", as: Int.self) }
                }
            ]) { [services, logger] in
                do {
                    try await FlowFigures(services).record(in: metrics)
                    try await relay?.record(in: metrics)
                } catch {
                    logger.error("the figures of the flow could not be read", metadata: ["error": "\(error)"])
                }
                return metrics.text()
            },
            metrics: metrics, logger: logger)
        if let key = try await gateway.identities.bootstrap(at: services.clock.now()) {
            notice("Administrator key, shown this once: \(key)")
        }
        let router = makeRouter(
            gateway,
            routes: [
                SystemRoutes(gateway, flow: services), ProcessRoutes(gateway, flow: services, plans: configuration.plans),
                ConsumptionRoutes(gateway, flow: services, auditKey: signingKey.publicKey.text),
            ])
        let address = "http://\(configuration.host)"
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(configuration.host, port: configuration.port), serverName: "plimsoll"),
            onServerRunning: { channel in notice("Plimsoll is ready at \(address):\(channel.localAddress?.port ?? 0)") },
            logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: application), .init(service: FlowLoops(self))],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    /// Reads one outside system now.
    ///
    /// - Throws: `input.notFound` for a system that is not configured.
    package func synchronize(_ name: ID<ExternalSystem>) async throws -> SyncSummary {
        guard let system = services.systems[name] else { throw Fault.notFound("System \(name)") }
        return try await Synchronizer(system, services).run()
    }
}
