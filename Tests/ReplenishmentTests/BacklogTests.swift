import CanonicalModel
import ConnectorKit
import EventLog
import Foundation
import Governance
import Logging
import Storage
import Synchronization
import TestBackends
import Testing
import Vocabulary

@testable import Replenishment

/// What has waited for a system while it was away, and how it leaves when the system is back and takes only so much.
@Suite struct `A backlog` {
    /// `make faults` sets `PLIMSOLL_FAULTS=long`.
    private static let environment = ProcessInfo.processInfo.environment
    static let count = environment["PLIMSOLL_FAULTS"] == "long" ? 100_000 : 300
    /// The longer one takes some two minutes.
    static let perSecond = max(100.0, Double(count) / 100)

    @Test(.timeLimit(.minutes(20)))
    func `Row 47: it leaves at the rate that the system takes, by two replicas, in order and without a storm`() async throws {
        let backend = Backend.available.last ?? .sqlite
        try await backend.withDatabase(migrations: FlowWorld.migrations, inMemory: true) { database in
            let origin = ContinuousClock.now
            let clock = WallClock(
                now: { TestClock.start + (ContinuousClock.now - origin) }, pause: { try await Task.sleep(for: $0) })
            let erp = BusyERP(perSecond: Self.perSecond)
            let replicas = try (0..<2).map { number in try replica(number, database, erp, clock) }
            try await approveBacklog(replicas[0])
            try await runLanes(replicas) {
                try await Task.sleep(for: .milliseconds(500))
                // While it is away nothing is tried to death.
                #expect(erp.books.withLock { $0.asked } < 40)
                erp.comeBack()
                let began = ContinuousClock.now
                while try await isAnythingOpen(database) { try await Task.sleep(for: .milliseconds(50)) }
                let took = (ContinuousClock.now - began).inSeconds
                let books = erp.books.withLock { $0 }
                print(
                    "\(Self.count) waiting, \(Self.perSecond) a second allowed: drained in \(took) s, \(books.taken) taken, "
                        + "\(books.refused) turned away")
                #expect(books.effects.count == Self.count && books.effects.values.allSatisfy { $0 == 1 })
                #expect(Double(books.refused) <= 0.05 * Double(books.taken) + 20, "\(books.refused) were turned away")
                #expect(took >= Double(Self.count) / Self.perSecond - 1.5)
            }
        }
    }

    private func replica(
        _ number: Int, _ database: any Database, _ erp: BusyERP, _ clock: WallClock
    ) throws -> FlowServices {
        let randomness = Randomness.seeded(UInt64(number))
        let budget = ThrottleBudget(clock: clock, randomness: randomness)
        let surroundings = Surroundings(
            http: ThrottledExchange(erp, within: budget, clock: clock), clock: clock, randomness: randomness)
        let connector = try BusyConnector(SettingValues([:]), in: surroundings)
        return FlowServices(
            database: database, events: EventLog(randomness: randomness), audit: AuditLog(),
            systems: ConnectedSystems([.init(name: "erp", connector: connector, budget: budget)]),
            policies: PolicyBook(current: try DecisionTable(yaml: FlowWorld.automaticTable, file: "test.yaml")), clock: clock,
            randomness: randomness)
    }

    private func approveBacklog(_ services: FlowServices) async throws {
        let clock = TestClock(services.clock.now())
        let flow = FlowWorld(services: services, erp: ScriptedERP(), clock: clock)
        try await flow.stock()
        let world = MoodyWorld(flow: flow, erp: MoodyERP(), other: MoodyERP())
        for start in stride(from: 0, to: Self.count, by: 5000) {
            try await world.approve(start..<min(Self.count, start + 5000))
        }
    }

    private func runLanes(_ replicas: [FlowServices], while body: () async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let end = LanesEnd()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, services) in replicas.enumerated() {
                let lease = try await ReplicaLease.acquire("replica-\(number)", in: services.database)
                let dispatcher = Dispatcher(services, lease: lease, logger: logger)
                group.addTask {
                    while !end.hasCome {
                        _ = try await lease.renew()
                        try await Task.sleep(for: .seconds(1))
                    }
                }
                for system in services.systems.all {
                    group.addTask { await TargetLane(dispatcher, to: system).keepFull { end.hasCome } }
                }
            }
            defer { end.come() }
            try await body()
        }
    }

    private func isAnythingOpen(_ database: any Database) async throws -> Bool {
        try await database.read { connection in
            try connection.value("SELECT 1 FROM replenishment WHERE state <> 'done' LIMIT 1", as: Int.self)
        } != nil
    }
}

/// Whether the lanes are to end.
final class LanesEnd: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }
    func come() { state.withLock { $0 = true } }
}

/// An outside system that is away at first, and then takes so many requests a second.
private final class BusyERP: HTTPExchange {
    struct Books: Sendable {
        var isAway = true
        var tokens = 0.0
        var at = ContinuousClock.now
        var asked = 0
        var taken = 0
        var refused = 0
        /// By the reference of the action.
        var effects: [String: Int] = [:]
    }

    let books = Mutex(Books())
    private let perSecond: Double

    init(perSecond: Double) {
        self.perSecond = perSecond
    }

    func comeBack() { books.withLock { $0.isAway = false } }

    func send(_ request: WireRequest) async throws(WireFailure) -> WireResponse {
        let isAway = books.withLock { books in
            books.asked += 1
            return books.isAway
        }
        if isAway { throw .notSent("connection refused") }
        // Every answer takes its time.
        try? await Task.sleep(for: .milliseconds(5))
        return books.withLock { books in
            let now = ContinuousClock.now
            books.tokens = min(perSecond, books.tokens + (now - books.at).inSeconds * perSecond)
            books.at = now
            guard books.tokens >= 1 else {
                books.refused += 1
                return WireResponse(status: 429)
            }
            books.tokens -= 1
            books.taken += 1
            if !request.body.isEmpty { books.effects[String(decoding: request.body, as: UTF8.self), default: 0] += 1 }
            return WireResponse(status: 201)
        }
    }
}

private struct BusyConnector: Connector {
    static let manifest = Manifest(
        name: "busy", summary: "A test's ERP.", settings: [], feeds: [:],
        capabilities: [.setInventoryPolicy: Capability(.absoluteSet, settles: .zero)])

    private let surroundings: Surroundings

    init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {
        self.surroundings = surroundings
    }

    func check() async throws(Fault) -> SystemInformation {
        _ = try await surroundings.http.ask(WireRequest("GET", "http://erp.example/"), clock: surroundings.clock)
        return SystemInformation(name: "busy", version: "1")
    }

    func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        Page([], next: nil, hasMore: false)
    }

    func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        let request = WireRequest("POST", "http://erp.example/policies", body: Array(reference.rawValue.utf8))
        return await .sending(request, over: surroundings.http, clock: surroundings.clock) { _ throws(Fault) in
            ExternalDocument(kind: "policy", number: reference.rawValue, externalID: reference.rawValue)
        }
    }

    func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding { .absent }
}
