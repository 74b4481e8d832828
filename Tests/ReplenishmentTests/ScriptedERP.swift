import CanonicalModel
import ConnectorKit
import Governance
import Synchronization
import Vocabulary

/// An ERP that does what the test wrote down for it, and counts what reached it and what it did.
final class ScriptedERP: Connector {
    static var capabilities: [ActionKind: Capability] {
        [
            .setInventoryPolicy: Capability(.absoluteSet, settles: .zero),
            .createTransfer: Capability(.naturalKeyProbe, settles: .zero),
            .createPurchaseProposal: Capability(.naturalKeyProbe, settles: .zero),
        ]
    }

    static let manifest = Manifest(
        name: "scripted", summary: "A test's ERP.", settings: [], feeds: [:], capabilities: capabilities)

    /// What one call does.
    enum Step: Sendable {
        case apply
        /// Done, and the answer is lost.
        case applyAndLose
        /// Not done, and no answer either.
        case lose
        case refuse(Fault)
    }

    private struct Books {
        var script: [Step] = []
        var arrivals: [String: Int] = [:]
        var effects: [String: [Action]] = [:]
        var isReadable = true
        /// What people have made of documents since.
        var changes: [String: String] = [:]
    }

    private let books = Mutex(Books())

    init() {}
    init(_ settings: SettingValues, in surroundings: Surroundings) throws(Fault) {}

    func will(_ steps: Step...) { books.withLock { $0.script += steps } }
    func becomeUnreadable(_ unreadable: Bool) { books.withLock { $0.isReadable = !unreadable } }
    /// The ERP is put back to a backup from before all this.
    func forgetEverything() -> [String: [Action]] {
        books.withLock { books in
            defer { books.effects = [:] }
            return books.effects
        }
    }

    func remember(_ effects: [String: [Action]]) { books.withLock { $0.effects = effects } }
    func change(_ reference: String, _ difference: String?) { books.withLock { $0.changes[reference] = difference } }
    var arrivals: Int { books.withLock { $0.arrivals.values.reduce(0, +) } }
    var effects: [Action] { books.withLock { $0.effects.values.flatMap(\.self) } }
    var mostEffectsOfOneReference: Int { books.withLock { $0.effects.values.map(\.count).max() ?? 0 } }

    func check() async throws(Fault) -> SystemInformation { SystemInformation(name: "scripted", version: "1") }

    func read(_ feed: Feed, after cursor: Cursor?, names: Crosswalk) async throws(Fault) -> Page {
        Page([], next: nil, hasMore: false)
    }

    func carryOut(_ action: Approved<Action>, reference: Reference, names: Crosswalk) async -> Outcome {
        let step = books.withLock { books in
            books.arrivals[reference.rawValue, default: 0] += 1
            let step = books.script.isEmpty ? .apply : books.script.removeFirst()
            switch step {
            case .apply, .applyAndLose: books.effects[reference.rawValue, default: []].append(action.action)
            case .lose, .refuse: break
            }
            return step
        }
        switch step {
        case .apply: return .done(document(reference))
        case .applyAndLose, .lose: return .unknown("the connection was lost")
        case .refuse(let fault): return .notDone(fault)
        }
    }

    func find(_ action: Action, reference: Reference, names: Crosswalk) async throws(Fault) -> Finding {
        let (readable, there, change) = books.withLock {
            ($0.isReadable, $0.effects[reference.rawValue], $0.changes[reference.rawValue])
        }
        guard readable else { throw Fault(.invalidInput, .retry(), "The ERP cannot be asked now.") }
        if let change { return .different(document(reference), difference: change) }
        return there == nil ? .absent : .found(document(reference))
    }

    private func document(_ reference: Reference) -> ExternalDocument {
        ExternalDocument(kind: "document", number: "D-\(reference.rawValue.suffix(4))", externalID: reference.rawValue)
    }
}
