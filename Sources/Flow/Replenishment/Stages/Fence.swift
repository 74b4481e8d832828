import CanonicalModel
import Governance
import Storage
import Vocabulary

/// Stands before every step towards an ERP: the live facts must still lead to the decided answer.
struct Fence {
    let ledger: Ledger

    /// - Returns: whether the decision still holds; false when the row was held back, with an exception that says why.
    func pass(_ row: ReplenishmentRow, decided: Decision) throws -> Bool {
        try pass([(row, decided)]) == [true]
    }

    /// The same for many rows, whose facts are read together.
    func pass(_ rows: [(row: ReplenishmentRow, decided: Decision)]) throws -> [Bool] {
        let gatherer = FactsGatherer(connection: ledger.connection, now: ledger.now, rates: ledger.services.settings.rates)
        let gathered = try gatherer.gather(for: rows.map(\.row))
        return try zip(rows, gathered).map { one, gathered in
            guard let action = one.decided.action else {
                throw Fault.defect("Recommendation \(one.row.id) is to be sent without an action.")
            }
            switch gathered {
            case .missing(let reason):
                try hold(one.row, reason, nil)
                return false
            case .facts(let facts):
                let now = conclude(one.row.recommendation, on: facts)
                guard let difference = difference(between: action, and: now, within: ledger.services.settings.tolerance) else {
                    return true
                }
                try hold(one.row, difference, facts)
                return false
            }
        }
    }

    private func hold(_ row: ReplenishmentRow, _ difference: String, _ facts: DecisionFacts?) throws {
        let sentence = difference.hasSuffix(".") ? difference : difference + "."
        let reason = "The facts have changed since the decision: \(sentence)"
        try ledger.move(row, to: .held, Change(reason: reason, fault: Fault.Code.drifted.name, failures: row.failures))
        try ledger.exceptions.open("drift", of: row, team: "planning", summary: reason, impact: facts.map(Impact.init(of:)))
    }
}
