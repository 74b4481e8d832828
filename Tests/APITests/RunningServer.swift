import AsyncHTTPClient
import CanonicalModel
import CanonicalStore
import ConnectorKit
import ConsumptionAPI
import CoreMetrics
import Cycles
import EventLog
import Foundation
import Gateway
import Governance
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Observability
import ProcessAPI
import Replenishment
import Storage
import SystemAPI
import TestBackends
import Vocabulary

/// The three APIs behind their gateway, listening on loopback for as long as the test that was given them runs.
struct RunningServer: Sendable {
    let port: Int
    let database: any Database
    let clock: TestClock
    let flow: FlowServices
    let gateway: GatewayServices
    /// The first administrator's key.
    let administrator: String

    static let migrations =
        canonicalMigrations + eventLogMigrations + auditMigrations + replenishmentMigrations + cycleMigrations
        + synchronizationMigrations + gatewayMigrations

    static func during(
        on backend: Backend = .sqlite, plans: [CyclePlan] = [], systems: ConnectedSystems = ConnectedSystems([]),
        readiness: [ReadinessCheck] = [], limits: (inout GatewayLimits) -> Void = { _ in },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        var settings = GatewayLimits()
        settings.burst = 100_000
        limits(&settings)
        let folder = try newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        settings.spoolFolder = folder.path
        try await backend.withDatabase(migrations: migrations, inMemory: true) { [settings] database in
            let clock = TestClock()
            let randomness = Randomness.seeded(11)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let flow = FlowServices(
                database: database, events: EventLog(randomness: randomness), audit: AuditLog(), systems: systems,
                policies: PolicyBook(current: try DecisionTable.standard), clock: clock.wallClock, randomness: randomness)
            let metrics = PrometheusFactory()
            let gateway = GatewayServices(
                database: database,
                // What waits between two heartbeats really waits: the clock stands still, and time passes.
                clock: WallClock(now: { clock.now }, pause: { try await Task.sleep(for: $0) }), randomness: randomness,
                limits: settings,
                probes: GatewayProbes(
                    readiness: readiness,
                    metrics: {
                        try? await FlowFigures(flow).record(in: metrics)
                        return metrics.text()
                    }), metrics: metrics, logger: logger)
            let key = try await gateway.identities.bootstrap(at: clock.now) ?? ""
            let routes: [any GatewayRoutes] = [
                SystemRoutes(gateway, flow: flow), ProcessRoutes(gateway, flow: flow, plans: plans),
                ConsumptionRoutes(gateway, flow: flow, auditKey: AuditSigningKey().publicKey.text),
            ]
            let router = makeRouter(gateway, routes: routes)
            try await listen(router, logger) { port in
                try await body(
                    RunningServer(
                        port: port, database: database, clock: clock, flow: flow, gateway: gateway, administrator: key))
            }
        }
    }

    private static func newFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-api-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func listen(
        _ router: Router<GatewayContext>, _ logger: Logger, _ body: (Int) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await application.run()
            }
            defer { group.cancelAll() }
            for await port in ports {
                try await body(port)
                return
            }
            try await group.waitForAll()
        }
    }

    struct Answer: Sendable {
        let status: Int
        /// By lower-case name.
        let headers: [String: String]
        let text: String

        func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try JSON.decode(type, from: text)
        }

        var problem: Problem? { try? decoded() }
    }

    /// One request with `key`, or without any when it is nil.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, key: String?, type: String = "application/json",
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .RAW(value: method)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        if let body {
            request.body = .bytes(ByteBuffer(string: body))
            request.headers.add(name: "Content-Type", value: type)
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let named = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return Answer(status: Int(response.status.code), headers: named, text: String(buffer: bytes))
    }

    /// What the server's own loop does with a run of the built-in engine, once one is begun.
    func computeOneRun() async throws {
        let lease = try await ReplicaLease.acquire("test", in: database)
        let worker = EngineWorker(flow, lease: lease, logger: Logger(label: "test"))
        while try await !worker.run() { try await Task.sleep(for: .milliseconds(5)) }
    }

    func get(_ path: String, as key: String? = nil) async throws -> Answer {
        try await send("GET", path, key: key ?? administrator)
    }

    func post(
        _ path: String, _ body: String = "{}", as key: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        try await send("POST", path, body, key: key ?? administrator, headers: headers)
    }

    /// A key with some roles, for some locations.
    func key(
        _ roles: [Role], person: String = "maria", regions: [String] = [], locations: [String] = []
    ) async throws -> String {
        let wanted = Identities.Wanted(
            name: person, person: ID(person), roles: roles, scope: Scope(regions: regions, locations: locations.map { ID($0) }))
        return try await gateway.identities.create(wanted, at: clock.now).secret
    }
}
