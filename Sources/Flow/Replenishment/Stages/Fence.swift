import CanonicalModel
import Governance
import Storage
import Vocabulary

/// Stands before every step towards an ERP: the live facts must still lead to the decided answer.
struct Fence {
    let ledger: Ledger

    /// - Returns: the decision that still holds; nil when the row was held back, with an exception that says why.
    func pass(_ row: ReplenishmentRow, decided: Decision) throws -> Bool {
        guard let action = decided.action else { throw Fault.defect("Recommendation \(row.id) is to be sent without an action.") }
        let gatherer = FactsGatherer(connection: ledger.connection, now: ledger.now, rates: ledger.services.settings.rates)
        guard let gathered = try gatherer.gather(for: [row]).first else {
            throw Fault.defect("No facts were answered for \(row.id).")
        }
        switch gathered {
        case .missing(let reason):
            try hold(row, reason, nil)
            return false
        case .facts(let facts):
            let now = conclude(row.recommendation, on: facts)
            guard let difference = difference(between: action, and: now, within: ledger.services.settings.tolerance) else {
                return true
            }
            try hold(row, difference, facts)
            return false
        }
    }

    private func hold(_ row: ReplenishmentRow, _ difference: String, _ facts: DecisionFacts?) throws {
        let sentence = difference.hasSuffix(".") ? difference : difference + "."
        let reason = "The facts have changed since the decision: \(sentence)"
        try ledger.move(row, to: .held, Change(reason: reason, fault: Fault.Code.drifted.name, failures: row.failures))
        try ledger.exceptions.open(
            "drift", subject: row.id.rawValue, team: "planning", item: row.recommendation.item,
            location: row.recommendation.location,
            summary: reason, impact: facts.map(Impact.init(of:)))
    }
}
