import CanonicalModel
import CanonicalStore
import Governance
import Storage
import Vocabulary

/// Looks again at what was decided on a fallback forecast, once the real one is there.
///
/// It reads what is stored and is told by nobody, so a forecast that landed just before a process ended is not forgotten.
struct ProvisionalReview {
    let ledger: Ledger

    /// - Returns: how many rows were looked at.
    func run() throws -> Int {
        let due = try landed()
        let forecasts = try Records<Forecast>.get(due.map(\.forecast), on: ledger.connection)
        for (id, forecast) in due {
            guard let real = forecasts[forecast]?.entity else { continue }
            try review(try ledger.row(id), on: real)
        }
        return due.count
    }

    /// Provisional rows with the forecast that has landed since: the newest of its position, and a real one.
    private func landed() throws -> [(row: ID<Recommendation>, forecast: ID<Forecast>)] {
        try ledger.connection.rows(
            """
            SELECT r.id, f.id FROM replenishment r JOIN recommendation c ON c.id = r.id JOIN decision d ON d.id = r.decision
                JOIN forecast f ON f.item = c.item AND f.location = c.location
            WHERE r.provisional = 1 AND r.state <> 'received' AND f.is_provisional = 0 AND f.observed_at > d.decided_at
                AND NOT EXISTS (
                    SELECT 1 FROM forecast n WHERE n.item = f.item AND n.location = f.location AND n.observed_at > f.observed_at)
            ORDER BY r.accepted_at, r.id LIMIT \(ledger.services.settings.batch)
            """
        ) { row in (try row[0], try row[1]) }
    }

    private func review(_ row: ReplenishmentRow, on real: Forecast) throws {
        let mayBeSent = row.waitsForSettlement
        switch row.state {
        case .awaitingApproval,
            .held where !mayBeSent:
            try decideAnew(row, real)
        case .deadLetter where row.attempts == 0: try decideAnew(row, real)
        case .approved:
            // A consent stands as long as the answer does.
            if let change = try change(of: row, on: real) { try decideAnew(row, real, change) } else { try confirm(row, real) }
        case .inflight, .unknown, .done, .held, .deadLetter:
            guard let change = try change(of: row, on: real),
                row.recommendation.cycle == nil || real.cycle == row.recommendation.cycle
            else { return try confirm(row, real) }
            try warn(row, real, change)
        case .received, .rejected, .superseded, .expired: try close(row)
        }
    }

    private func decideAnew(_ row: ReplenishmentRow, _ real: Forecast, _ change: String? = nil) throws {
        let because = change.map { ", and \($0)" } ?? ""
        let reason = "The forecast of \(real.source) has come\(because): it is decided anew."
        guard try ledger.move(row, to: .received, Change(reason: reason, failures: 0)) else { return }
        try ledger.exceptions.close(subject: row.id.rawValue, by: "plimsoll", reason)
    }

    private func confirm(_ row: ReplenishmentRow, _ real: Forecast) throws {
        try close(row)
        try ledger.record("recommendation.confirmed", row.id, by: "plimsoll", ["forecast": real.id.rawValue])
    }

    /// What has been sent cannot be called back: a person decides what to do about it.
    private func warn(_ row: ReplenishmentRow, _ real: Forecast, _ change: String) throws {
        try close(row)
        let summary = "It was sent on a fallback forecast. By the forecast of \(real.source), \(change)."
        try ledger.exceptions.open("provisionalChanged", of: row, team: "planning", summary: summary)
        try ledger.record(
            "recommendation.contradicted", row.id, by: "plimsoll", ["forecast": real.id.rawValue, "change": change])
    }

    private func close(_ row: ReplenishmentRow) throws {
        try ledger.connection.run("UPDATE replenishment SET provisional = 0 WHERE id = \(row.id)")
    }

    /// How the answer would have differed on the same facts with the real forecast; nil when it would not.
    private func change(of row: ReplenishmentRow, on real: Forecast) throws -> String? {
        guard let id = row.decision, let action = row.action else { return nil }
        let stored: String? = try ledger.connection.value("SELECT facts FROM decision WHERE id = \(id)")
        guard let stored else { throw Fault.defect("Decision \(id) has no facts.") }
        let facts = try JSON.decode(DecisionFacts.self, from: stored).replacingFallback(with: real)
        return difference(
            between: action, and: conclude(row.recommendation, on: facts), within: ledger.services.settings.tolerance)
    }
}
