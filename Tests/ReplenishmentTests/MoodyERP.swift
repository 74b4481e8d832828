import CanonicalModel
import ConnectorKit
import EventLog
import Governance
import Logging
import Storage
import Synchronization
import TestBackends
import Vocabulary

@testable import Replenishment

/// An ERP with moods: it works, is slow, has too much to do, fails at writing, or is away.
final class MoodyERP: Connector {
    static let manifest = Manifest(
        name: "moody", summary: "A test's ERP.", settings: [], feeds: [:],
        capabilities: [
            .setInventoryPolicy: Capability(.absoluteSet, settles: .zero),
            .createTransfer: Capability(.naturalKeyProbe, settles: .zero),
            .createPurchaseProposal: Capability(.naturalKeyProbe, settles: .zero),
        ])

    enum Mood: Sendable {
        case works
        case slow(Duration)
        /// Answers once it is in another mood.
        case stuck
        /// Turns everything away, and names a time or none.
        case busy(Duration?)
        /// Answers questions, and no action.
        case failsAtWriting
        case away
    }

    struct Books: Sendable {
        var mood = Mood.works
        var questions = 0
        /// How often it was asked whether an action is there.
        var looks = 0
        /// References of the actions that arrived, in their order.
        var arrivals: [String] = []
        var effects: [String: Int] = [:]
    }

    let books = Mutex(Books())

    init() {}
    init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {}

    func be(_ mood: Mood) { books.withLock { $0.mood = mood } }
    var arrivals: Int { books.withLock { $0.arrivals.count } }
    var questions: Int { books.withLock { $0.questions } }
    var looks: Int { books.withLock { $0.looks } }
    var effects: Int { books.withLock { $0.effects.values.reduce(0, +) } }
    var mostEffectsOfOneReference: Int { books.withLock { $0.effects.values.max() ?? 0 } }

    private var isStuck: Bool {
        books.withLock { if case .stuck = $0.mood { true } else { false } }
    }

    func check() async throws(Fault) -> SystemInformation {
        let mood = books.withLock { books in
            books.questions += 1
            return books.mood
        }
        if case .away = mood { throw .unreachable("connection refused") }
        return SystemInformation(name: "moody", version: "1")
    }

    func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        Page([], next: nil, hasMore: false)
    }

    func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        let mood = books.withLock { books in
            books.arrivals.append(reference.rawValue)
            return books.mood
        }
        switch mood {
        case .works: break
        case .slow(let time): try? await Task.sleep(for: time)
        case .stuck: while isStuck, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
        case .busy(let wait): return .notDone(.rateLimited("too many calls", after: wait))
        case .failsAtWriting: return .unknown("500")
        case .away: return .notDone(.unreachable("connection refused"))
        }
        books.withLock { $0.effects[reference.rawValue, default: 0] += 1 }
        return .done(document(reference))
    }

    func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding {
        let (mood, isThere) = books.withLock { books in
            books.looks += 1
            return (books.mood, books.effects[reference.rawValue] != nil)
        }
        if case .away = mood { throw .unreachable("connection refused") }
        return isThere ? .found(document(reference)) : .absent
    }

    private func document(_ reference: Reference) -> ExternalDocument {
        ExternalDocument(kind: "document", number: "D-\(reference.rawValue.suffix(4))", externalID: reference.rawValue)
    }
}

/// Two moody ERPs: `erp` keeps the location `east`, and `other` keeps `west`.
struct MoodyWorld {
    let flow: FlowWorld
    let erp: MoodyERP
    let other: MoodyERP

    var services: FlowServices { flow.services }

    static func run(
        on backend: Backend, clock: WallClock? = nil, over cable: ((any Database) -> any Database)? = nil,
        adjust: (inout FlowSettings) -> Void = { _ in }, _ body: (MoodyWorld) async throws -> Void
    ) async throws {
        try await backend.withDatabase(migrations: FlowWorld.migrations, inMemory: true) { original in
            let testClock = TestClock()
            let (erp, other) = (MoodyERP(), MoodyERP())
            let randomness = Randomness.seeded(7)
            var settings = FlowSettings()
            settings.attempts = 3
            adjust(&settings)
            let database = cable?(original) ?? original
            let services = FlowServices(
                database: database, events: .init(randomness: randomness), audit: .init(),
                systems: ConnectedSystems([.init(name: "erp", connector: erp), .init(name: "other", connector: other)]),
                policies: PolicyBook(current: try DecisionTable(yaml: FlowWorld.automaticTable, file: "test.yaml")),
                clock: clock ?? WallClock(now: { testClock.now }, pause: { try await Task.sleep(for: $0) }),
                randomness: randomness, settings: settings)
            let world = FlowWorld(services: services, erp: ScriptedERP(), clock: testClock)
            try await world.stock()
            try await world.put([Location(id: "west", name: "West", region: "us", system: "other")])
            try await body(MoodyWorld(flow: world, erp: erp, other: other))
        }
    }

    /// Approves a change of policy for each of so many items.
    func approve(_ numbers: Range<Int>, at location: ID<Location> = "east") async throws {
        let items = numbers.map { ID<Item>("item-\($0)") }
        try await flow.put(
            items.map { Item(id: $0, name: "Bolt", stockingUnit: .piece, unitCost: Money(10), currency: "USD") })
        try await flow.put(
            items.map {
                InventoryPolicy(
                    item: $0, location: location,
                    levels: PolicyLevels(reorderPoint: Quantity(100), safetyStock: Quantity(40), orderUpTo: Quantity(200)))
            })
        let now = services.clock.now()
        let wanted = items.map { item in
            Recommendation(
                id: ID("\(location)-\(item)"), source: "forecastCloud", item: item, location: location,
                proposal: .policy(
                    PolicyLevels(reorderPoint: Quantity(150), safetyStock: Quantity(40), orderUpTo: Quantity(250))),
                assumptions: Assumptions(), madeAt: now)
        }
        try await flow.services.bring(wanted)
    }

    func dispatcher(_ name: String = "test") async throws -> Dispatcher {
        Dispatcher(services, lease: try await flow.lease(name), logger: flow.logger)
    }

    /// Of two replicas, or twice of the one that an embedded database has.
    func dispatchers(_ backend: Backend) async throws -> (Dispatcher, Dispatcher) {
        let first = try await dispatcher("first")
        return (first, backend == .postgres ? try await dispatcher("second") : first)
    }

    /// What has happened is an hour later, for the rows and for the systems.
    func anHourLater() async throws {
        flow.clock.advance(by: .hours(1))
        try await restIsOver()
    }

    func restIsOver() async throws {
        try await services.database.write { connection in try connection.run("UPDATE target_standing SET rests_until = 0") }
    }

    func standing() async throws -> TargetStanding? {
        let now = services.clock.now()
        return try await services.database.read { connection in try TargetStanding.all(at: now, on: connection)["erp"] }
    }

    /// A second process on the same database, with a way of its own to the ERP.
    func twin(on erp: MoodyERP) throws -> FlowServices {
        let randomness = Randomness.seeded(8)
        return FlowServices(
            database: services.database, events: .init(randomness: randomness), audit: .init(),
            systems: ConnectedSystems([.init(name: "erp", connector: erp)]), policies: services.policies,
            clock: services.clock, randomness: randomness, settings: services.settings)
    }

    func states() async throws -> [String: Int] {
        let rows = try await services.database.read { connection in
            try connection.rows("SELECT state, COUNT(*) FROM replenishment GROUP BY state") { row in
                (try row[0] as String, try row[1] as Int)
            }
        }
        return Dictionary(rows) { first, _ in first }
    }

    func failures() async throws -> Int {
        try await services.database.read { connection in
            try connection.value("SELECT COALESCE(MAX(failures), 0) FROM replenishment", as: Int.self) ?? 0
        }
    }

    func exceptions(_ kind: String) async throws -> [ExceptionCase] { try await flow.exceptions().filter { $0.kind == kind } }
}

extension FlowServices {
    fileprivate func bring(_ wanted: [Recommendation]) async throws {
        _ = try await Intake(self).accept(wanted, by: "forecastCloud")
        while try await DecisionStage(self).run() > 0 {}
    }
}
