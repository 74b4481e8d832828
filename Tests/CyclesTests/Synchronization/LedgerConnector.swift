import CanonicalModel
import ConnectorKit
import Governance
import Synchronization
import Vocabulary

/// An outside system in memory: records with the time of their last change, handed out page by page.
final class Ledger: Sendable {
    struct Record: Sendable {
        let id: String
        let changedAt: Instant
        let content: Content
    }

    enum Content: Sendable {
        case entity(CanonicalRecord)
        case unreadable([Violation])
    }

    private struct State {
        var feeds: [Feed: [Record]] = [:]
        var fault: (feed: Feed, after: Int, fault: Fault)?
        var reads = 0
        var beforeRead: (@Sendable (Feed) async -> Void)?
    }

    private let state = Mutex(State())

    func put(_ entity: CanonicalRecord, in feed: Feed, id: String, at instant: Instant) {
        put(Record(id: id, changedAt: instant, content: .entity(entity)), in: feed)
    }

    func put(_ record: Record, in feed: Feed) {
        state.withLock { state in
            state.feeds[feed, default: []].removeAll { $0.id == record.id }
            state.feeds[feed, default: []].append(record)
        }
    }

    func remove(_ id: String, from feed: Feed) {
        state.withLock { $0.feeds[feed, default: []].removeAll { $0.id == id } }
    }

    /// Answers `count` more reads of `feed`, then fails until the fault is taken away.
    func fail(_ feed: Feed, after count: Int, _ fault: Fault?) {
        state.withLock { $0.fault = fault.map { (feed, count, $0) } }
    }

    func beforeEachRead(_ action: @escaping @Sendable (Feed) async -> Void) {
        state.withLock { $0.beforeRead = action }
    }

    var reads: Int { state.withLock { $0.reads } }

    func read(_ feed: Feed, after cursor: Cursor?, limit: Int) async throws(Fault) -> Page {
        if let action = state.withLock({ $0.beforeRead }) { await action(feed) }
        return try state.withLock { state throws(Fault) in
            state.reads += 1
            if let (failing, after, fault) = state.fault, failing == feed {
                if after == 0 { throw fault }
                state.fault = (failing, after - 1, fault)
            }
            let all = (state.feeds[feed] ?? []).sorted { ($0.changedAt, $0.id) < ($1.changedAt, $1.id) }
            let rest = all.filter { record in
                guard let cursor else { return true }
                return (record.changedAt, record.id) > (cursor.time, cursor.id)
            }
            let some = rest.prefix(limit)
            var observations: [Observation] = []
            var refusals: [Refusal] = []
            for record in some {
                switch record.content {
                case .entity(let entity):
                    observations.append(Observation(entity, externalID: record.id, observedAt: record.changedAt))
                case .unreadable(let violations): refusals.append(Refusal(row: record.id, violations: violations))
                }
            }
            return Page(
                observations, refusals: refusals, next: some.last.map { Cursor(time: $0.changedAt, id: $0.id) },
                hasMore: rest.count > some.count)
        }
    }
}

/// Reads a ledger, three records at a time. It cannot act.
struct LedgerConnector: Connector {
    static let manifest = Manifest(
        name: "ledger", summary: "A system in memory", settings: [],
        feeds: [.items: .incremental, .locations: .incremental, .balances: .snapshot, .supply: .snapshot, .demand: .incremental],
        capabilities: [:])

    let ledger: Ledger

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {
        ledger = Ledger()
    }

    func check() async throws(Fault) -> SystemInformation { SystemInformation(name: "ledger", version: "1") }

    func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        try await ledger.read(feed, after: cursor, limit: 3)
    }

    func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        .notDone(.defect("A ledger cannot act."))
    }

    func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding { .absent }
}
