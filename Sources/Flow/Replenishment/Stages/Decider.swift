import CanonicalModel
import Governance
import Vocabulary

/// Decides the rows of one transaction, one after the other: what one has promised the next one sees.
struct Decider {
    private let ledger: Ledger
    private let gathered: [ID<Recommendation>: FactsGatherer.Gathered]
    // What this transaction itself has promised, which no query shows yet.
    private var promises = BatchPromises()

    /// Reads the facts of all `rows`, in a number of statements that does not grow with them.
    init(_ rows: [ReplenishmentRow], _ ledger: Ledger) throws {
        self.ledger = ledger
        let gatherer = FactsGatherer(connection: ledger.connection, now: ledger.now, rates: ledger.services.settings.rates)
        gathered = Dictionary(zip(rows.map(\.id), try gatherer.gather(for: rows))) { first, _ in first }
        guard !rows.isEmpty else { return }
        try DecisionTables(ledger.services).follow(on: ledger.connection)
        try ledger.services.policies.store(on: ledger.connection, at: ledger.now)
    }

    enum Answer {
        case placed(Placement)
        /// Nothing can be said about its item or location.
        case missing(String)
    }

    mutating func decide(_ row: ReplenishmentRow) throws -> Answer {
        switch gathered[row.id] {
        case nil: throw Fault.defect("Recommendation \(row.id) is decided without its facts.")
        case .missing(let reason): return .missing(reason)
        case .facts(let stored):
            let facts = try promises.added(to: stored, but: row.id)
            let factsText = try JSON.text(of: facts)
            let services = ledger.services
            let decision = try Decision(
                id: ID(services.randomness.identifier(at: ledger.now)), on: row.recommendation, facts: facts,
                factsDigest: Digest(of: factsText), table: services.policies.current, at: ledger.now)
            let placement = try Placement(of: row, by: decision, on: facts, factsText: factsText)
            promises.note(placement)
            return .placed(placement)
        }
    }
}
