import CanonicalModel
import Governance
import Storage
import Vocabulary

/// A row with the decision about it, and where that sends it.
final class Placement {
    let row: ReplenishmentRow
    let remembered: Remembered<Decision>
    let decisionText: String
    let facts: DecisionFacts
    let factsText: String
    let goods: (quantity: Quantity, dueOn: BusinessDate)?

    init(of row: ReplenishmentRow, by decision: Decision, on facts: DecisionFacts, factsText: String) throws {
        self.row = row
        remembered = Remembered(decision)
        decisionText = try JSON.text(of: decision)
        self.facts = facts
        self.factsText = factsText
        goods = try decision.action?.goods(of: facts.position.item)
    }

    var decision: Decision { remembered.value }

    var isApproved: Bool { decision.verdict == .autoApprove }

    /// What is told of the decision; its text and the facts are kept once, and this vouches for both by a digest.
    var told: String {
        get throws {
            try JSON.object { json in
                json.add("action", decision.action?.kind)
                json.add("decision", decision.id)
                json.add("digest", decisionDigest(decisionText, factsText))
                json.add("dueOn", goods?.dueOn)
                json.add("quantity", goods?.quantity)
                json.add("rule", decision.rule)
                json.add("verdict", decision.verdict.name)
            }
        }
    }

    /// What stands in the way, for whoever has to mend it: what failed says more than the rule that noticed.
    var obstacle: String {
        let failed = decision.findings.filter { $0.result == .failed }.map(\.explanation).joined(separator: " ")
        return failed.isEmpty ? decision.reason : failed
    }

    func move(of row: ReplenishmentRow, at now: Instant) -> Move {
        switch decision.verdict {
        case .autoApprove: Move(row, to: .approved, Change(reason: decision.reason, nextAt: now))
        case .requireApproval: Move(row, to: .awaitingApproval, Change(reason: decision.reason))
        case .hold: Move(row, to: .held, Change(reason: obstacle))
        case .reject: Move(row, to: .rejected, Change(reason: decision.reason))
        }
    }
}

/// Writes the decisions of a batch and sends its rows where they belong.
struct Placements {
    private let placements: [Placement]
    private let ledger: Ledger

    init(_ placements: [Placement], _ ledger: Ledger) {
        self.placements = placements
        self.ledger = ledger
    }

    /// Where each row goes, with what its decision says.
    var moves: [ID<Recommendation>: Move] {
        Dictionary(placements.map { ($0.row.id, move($0)) }) { first, _ in first }
    }

    func write() throws {
        try store()
        _ = try ledger.move(placements.map(move))
    }

    /// The same for rows that are written with their decisions on them.
    func tell() throws {
        try store()
        for one in placements { try ledger.tell(move(one)) }
    }

    private func store() throws {
        ledger.services.recollection.note(placements.lazy.map(\.remembered))
        for one in placements {
            try ledger.following(one.row) {
                try ledger.record("recommendation.decided", one.row.id, by: "plimsoll", text: try one.told)
            }
            guard case .hold(let team) = one.decision.verdict else { continue }
            try ledger.exceptions.open("held", of: one.row, team: team, summary: one.obstacle, impact: Impact(of: one.facts))
        }
        var rest = placements.makeIterator()
        try ledger.connection.load(
            into: "decision", columns: ["id", "recommendation", "decided_at", "verdict", "rule", "policy", "body", "facts"]
        ) {
            guard let one = rest.next() else { return nil }
            return [
                one.decision.id.sqlValue, one.row.id.sqlValue, ledger.now.sqlValue, one.decision.verdict.name.sqlValue,
                one.decision.rule.sqlValue, one.decision.policyVersion.sqlValue, one.decisionText.sqlValue,
                one.factsText.sqlValue,
            ]
        }
    }

    /// The way of one row, with what its decision says written onto it.
    private func move(_ one: Placement) -> Move {
        var move = one.move(of: one.row.decided(by: one.remembered), at: ledger.now)
        move.change.decided = Decided(one, by: ledger.services.policies.current.approval, at: ledger.now)
        return move
    }
}

/// What a decision writes onto its row.
struct Decided {
    static let columns = [
        "decision", "goods_item", "goods_location", "action_kind", "system", "origin", "goods", "due_on", "provisional", "due_at",
        "overdue", "escalates_at", "expires_at", "escalated",
    ]
    /// One for each of `columns`.
    let values: [SQLValue]

    /// What is on a row that nothing was decided about.
    static let undecided = Decided(
        values: columns.map { ["provisional", "overdue", "escalated"].contains($0) ? false.sqlValue : .null })

    private init(values: [SQLValue]) { self.values = values }

    init(_ one: Placement, by terms: ApprovalTerms, at now: Instant) {
        let waits = if case .requireApproval = one.decision.verdict { true } else { false }
        let recommendation = one.row.recommendation
        values = [
            one.decision.id.sqlValue, one.goods.map { _ in recommendation.item }.sqlValue,
            one.goods.map { _ in recommendation.location }.sqlValue, (one.decision.action?.kind.rawValue).sqlValue,
            one.facts.position.location.system.sqlValue, (one.decision.action?.origin).sqlValue, (one.goods?.quantity).sqlValue,
            (one.goods?.dueOn).sqlValue, one.decision.isProvisional.sqlValue, (waits ? terms.dueAt(now) : nil).sqlValue,
            false.sqlValue, (waits ? terms.escalatesAt(now) : nil).sqlValue,
            (waits ? one.decision.lapsesAt : nil).sqlValue, false.sqlValue,
        ]
    }
}
