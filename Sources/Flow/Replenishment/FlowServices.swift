import CanonicalModel
import CanonicalStore
import ConnectorKit
import EventLog
import Governance
import Storage
import Vocabulary

/// All that the stages of the flow are given.
package struct FlowServices: Sendable {
    package let database: any Database
    package let events: EventLog
    package let audit: AuditLog
    package let systems: ConnectedSystems
    package let policies: PolicyBook
    package let clock: WallClock
    package let randomness: Randomness
    package let settings: FlowSettings
    package let failpoints: Failpoints
    let queues = FlowQueues()
    let recollection = Recollection()
    let crosswalks = CrosswalkShelf()
    /// What wakes the stages of this process.
    package let bells = FlowBells()
    package let drain = Drain()
    package let distance = Distance()
    let failures = FailureCounts()

    package init(
        database: any Database, events: EventLog, audit: AuditLog, systems: ConnectedSystems, policies: PolicyBook,
        clock: WallClock, randomness: Randomness, settings: FlowSettings = FlowSettings(), failpoints: Failpoints = .none
    ) {
        self.database = database
        self.events = events
        self.audit = audit
        self.systems = systems
        self.policies = policies
        self.clock = clock
        self.randomness = randomness
        self.settings = settings
        self.failpoints = failpoints
    }

    /// One transaction of the flow.
    ///
    /// - Parameter promising: whether it may promise goods that nobody has promised before. Such transactions come one after
    ///   the other, through the gate; the others only carry on with what was promised, or take it back.
    func write<Value: Sendable>(
        promising: Bool = true, _ work: @escaping @Sendable (Ledger) throws -> Value
    ) async throws -> Value {
        let now = clock.now()
        return try await database.write { connection in
            let ledger = Ledger(connection: connection, now: now, services: self)
            if promising { try ledger.enter() }
            let value = try work(ledger)
            try ledger.end()
            return value
        }
    }
}

/// The limits and rates of the flow; the configuration sets them.
package struct FlowSettings: Sendable, Hashable {
    /// Rows per transaction.
    package var batch = 200
    /// Whether what comes in is decided before it is acknowledged, when nothing else waits to be decided.
    package var decidesOnArrival = true
    /// Calls under way to one system.
    package var inFlight = 8
    /// Attempts that end as not done before the action becomes a dead letter.
    package var attempts = 8
    /// The first pause between attempts; doubled each time, at most `longestPause`, with full jitter.
    package var firstPause = Duration.seconds(1)
    package var longestPause = Duration.seconds(300)
    /// How long an answer may take before the attempt is unknown.
    package var callTimeout = Duration.seconds(60)
    /// How often what was done is looked for again, and for how long after it was done; nothing is when the first is zero.
    package var reviewEvery = Duration.hours(24)
    package var reviewFor = Duration.hours(14 * 24)
    /// Failures in a row after which a system is left alone, and for how long: doubled with each trial.
    package var failuresToRest = 5
    package var firstRest = Duration.seconds(1)
    package var longestRest = Duration.seconds(10)
    /// How long an approved action may wait for its system before people are told.
    package var oldestInQueue = Duration.seconds(900)
    /// How long calls under way are waited for when the process is told to stop.
    package var drain = Duration.seconds(20)
    package var rates = CostRates()
    package var tolerance = Tolerance()

    package init() {}
}

/// The outside systems of this deployment, by the names that the configuration gives them.
package struct ConnectedSystems: Sendable {
    private let byName: [ID<ExternalSystem>: Connected]

    package struct Connected: Sendable {
        package let name: ID<ExternalSystem>
        package let connector: any Connector
        package let manifest: Manifest
        /// How much it takes, as far as this process has found out; nil when nobody counts.
        package let budget: ThrottleBudget?
        /// Calls under way to it at once; nil for what all systems have.
        package let inFlight: Int?

        package init(
            name: ID<ExternalSystem>, connector: any Connector, budget: ThrottleBudget? = nil, inFlight: Int? = nil
        ) {
            self.name = name
            self.connector = connector
            manifest = type(of: connector).manifest
            self.budget = budget
            self.inFlight = inFlight
        }
    }

    package init(_ systems: [Connected]) {
        byName = Dictionary(systems.map { ($0.name, $0) }) { first, _ in first }
    }

    package subscript(name: ID<ExternalSystem>) -> Connected? { byName[name] }

    package var all: [Connected] { byName.values.sorted { $0.name < $1.name } }
}

/// Named places in the flow at which a fault test stops the process; in production nothing happens there.
package struct Failpoints: Sendable {
    package enum Place: String, Sendable, CaseIterable {
        case afterAccept, beforeAttempt, afterAttempt, afterReply, beforeCompletion, afterCompletion
    }

    package let reach: @Sendable (Place) -> Void

    package init(reach: @escaping @Sendable (Place) -> Void) {
        self.reach = reach
    }

    package static let none = Failpoints { _ in }
}
