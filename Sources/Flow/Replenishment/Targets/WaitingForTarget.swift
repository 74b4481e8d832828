import CanonicalModel
import Governance
import Storage
import Vocabulary

/// What waits for one system, and what it endangers: the stock that runs out first.
struct WaitingForTarget {
    /// Actions that are approved or of unknown outcome.
    let count: Int
    let item: ID<Item>?
    let location: ID<Location>?
    let impact: Impact

    /// How many of the most urgent actions are looked at for their impact.
    private static let sample = 20

    init(_ system: ID<ExternalSystem>, _ ledger: Ledger) throws {
        let waiting: SQL = "system = \(system) AND state IN ('approved', 'unknown')"
        let count = try ledger.connection.value("SELECT COUNT(*) FROM replenishment WHERE \(waiting)", as: Int.self) ?? 0
        let urgent = try ledger.connection.values(
            """
            SELECT decision FROM replenishment WHERE \(waiting) AND decision IS NOT NULL
            ORDER BY CASE WHEN due_on IS NULL THEN 1 ELSE 0 END, due_on, id LIMIT \(Self.sample)
            """, as: ID<Decision>.self)
        let facts =
            try urgent.isEmpty
            ? []
            : ledger.connection.rows("SELECT facts FROM decision WHERE id \(anyOf: urgent)") { row in
                try JSON.decode(DecisionFacts.self, from: try row[0] as String)
            }
        let impacts = facts.map { (position: $0.position, impact: Impact(of: $0)) }
        let first = impacts.filter { $0.impact.stockOutOn != nil }.min { left, right in
            (left.impact.stockOutOn?.description ?? "") < (right.impact.stockOutOn?.description ?? "")
        }
        self.count = count
        item = first?.position.item.id
        location = first?.position.location.id
        let waits = count == 1 ? "1 action waits for it." : "\(count) actions wait for it."
        impact = Impact(
            stockOutOn: first?.impact.stockOutOn, quantityAtRisk: first?.impact.quantityAtRisk,
            explanation: first.map { "\(waits) \($0.impact.explanation)" } ?? waits)
    }
}
