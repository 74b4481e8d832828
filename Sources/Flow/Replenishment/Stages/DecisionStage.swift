import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// Turns received recommendations into decisions, in batches.
package struct DecisionStage: Sendable {
    /// The version of `conclude`; stored with each decision, so that old ones are recomputed by what made them.
    package static let version = 1

    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// Decides what has been received.
    ///
    /// A batch that fails is split until the one that cannot be decided is alone; that one becomes a dead letter.
    ///
    /// - Returns: how many were decided or set aside; less than the batch size when nothing is left.
    @discardableResult
    package func run() async throws -> Int {
        let limit = services.settings.batch
        let waiting = try await services.database.read { connection in
            try connection.values(
                "SELECT id FROM replenishment WHERE state = 'received' ORDER BY accepted_at, order_key, version LIMIT \(limit)",
                as: ID<Recommendation>.self)
        }
        try await decide(waiting[...])
        return waiting.count
    }

    private func decide(_ ids: ArraySlice<ID<Recommendation>>) async throws {
        guard !ids.isEmpty else { return }
        do {
            try await services.write { ledger in try decide(ids, ledger) }
        } catch let fault as Fault where fault.isPassing {
            throw fault
        } catch {
            guard ids.count == 1, let id = ids.first else {
                let middle = ids.startIndex + ids.count / 2
                try await decide(ids[..<middle])
                try await decide(ids[middle...])
                return
            }
            try await setAside(id, because: error)
        }
    }

    private func decide(_ ids: ArraySlice<ID<Recommendation>>, _ ledger: Ledger) throws {
        let rows = try ledger.rows("WHERE id IN (\(list: ids)) AND state = 'received' ORDER BY accepted_at, order_key, version")
        try services.policies.store(on: ledger.connection, at: ledger.now)
        let gatherer = FactsGatherer(connection: ledger.connection, now: ledger.now, rates: services.settings.rates)
        for (row, gathered) in zip(rows, try gatherer.gather(for: rows)) {
            switch gathered {
            case .missing(let reason):
                try ledger.move(row, to: .held, Change(reason: reason, fault: Fault.Code.notFound.name))
                try ledger.exceptions.open(
                    "unknownPosition", subject: row.id.rawValue, team: "masterData", item: row.recommendation.item,
                    location: row.recommendation.location, summary: reason)
            case .facts(let facts): try decide(row, on: facts, ledger)
            }
        }
    }

    private func decide(_ row: ReplenishmentRow, on facts: DecisionFacts, _ ledger: Ledger) throws {
        let table = services.policies.current
        let factsText = try JSON.text(of: facts)
        let decision = try Decision(
            id: ID(services.randomness.identifier(at: ledger.now)), on: row.recommendation, facts: facts,
            factsDigest: Digest(of: factsText), table: table, at: ledger.now)
        try ledger.connection.run(
            """
            INSERT INTO decision (id, recommendation, decided_at, verdict, rule, policy, body, facts)
            VALUES (\(decision.id), \(row.id), \(ledger.now), \(decision.verdict.name), \(decision.rule),
                \(decision.policyVersion),
                \(try JSON.text(of: decision)), \(factsText))
            """)
        try attach(decision, facts, to: row, ledger)
        try ledger.following(row) { try ledger.record("recommendation.decided", row.id, by: "plimsoll", decision) }
        try place(try ledger.row(row.id), decision, facts, ledger)
    }

    /// Writes what the decision says onto the row.
    private func attach(_ decision: Decision, _ facts: DecisionFacts, to row: ReplenishmentRow, _ ledger: Ledger) throws {
        let action = try decision.action.map { action in try JSON.text(of: action) }
        let goods = try decision.action?.goods(of: facts.position.item)
        try ledger.connection.run(
            """
            UPDATE replenishment SET decision = \(decision.id), action = \(action),
                action_kind = \(decision.action?.kind.rawValue),
                system = \(facts.position.location.system), origin = \(decision.action?.origin), goods = \(goods?.quantity),
                due_on = \(goods?.dueOn), provisional = \(decision.isProvisional) WHERE id = \(row.id)
            """)
    }

    /// Moves the row to where the verdict sends it.
    private func place(_ row: ReplenishmentRow, _ decision: Decision, _ facts: DecisionFacts, _ ledger: Ledger) throws {
        let terms = services.policies.current.approval
        switch decision.verdict {
        case .autoApprove:
            try ledger.move(row, to: .approved, Change(reason: decision.reason, nextAt: ledger.now))
        case .requireApproval:
            try ledger.connection.run(
                """
                UPDATE replenishment SET due_at = \(terms.dueAt(ledger.now)), overdue = 0,
                    escalates_at = \(terms.escalatesAt(ledger.now)), escalated = 0, expires_at = \(decision.lapsesAt)
                WHERE id = \(row.id)
                """)
            try ledger.move(row, to: .awaitingApproval, Change(reason: decision.reason))
        case .hold(let team):
            // What failed says more to whoever has to mend it than the rule that noticed.
            let failed = decision.findings.filter { $0.result == .failed }.map(\.explanation).joined(separator: " ")
            let summary = failed.isEmpty ? decision.reason : failed
            try ledger.move(row, to: .held, Change(reason: summary))
            try ledger.exceptions.open(
                "held", subject: row.id.rawValue, team: team, item: row.recommendation.item,
                location: row.recommendation.location,
                summary: summary, impact: Impact(of: facts))
        case .reject:
            try ledger.move(row, to: .rejected, Change(reason: decision.reason))
        }
    }

    private func setAside(_ id: ID<Recommendation>, because error: any Error) async throws {
        let fault = error as? Fault ?? .defect("\(error)")
        try await services.write { ledger in
            let row = try ledger.row(id)
            try ledger.move(row, to: .deadLetter, Change(reason: fault.message, fault: fault.code.name))
            try ledger.exceptions.open(
                "deadLetter", subject: id.rawValue, team: "operations", item: row.recommendation.item,
                location: row.recommendation.location, summary: fault.message)
        }
    }
}

extension Fault {
    /// Whether the trouble is the database's and not the row's: trying again later is all there is to do.
    var isPassing: Bool {
        if case .retry = disposition { return true }
        return false
    }
}
