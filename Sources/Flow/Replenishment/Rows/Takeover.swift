import CanonicalModel
import ConnectorKit
import Governance
import Storage
import Vocabulary

extension Ledger {
    /// What processes whose lease has run out had on its way is unknown from now on: one statement, however much it is.
    ///
    /// - Returns: how many rows were taken over; at most `limit`.
    func takeOver(under epoch: Int64, atMost limit: Int) throws -> Int {
        let reason = "The process that sent it ended before the answer was recorded."
        let taken = try connection.rows(
            """
            UPDATE replenishment SET state = 'unknown', epoch = \(epoch), next_at = \(now) + \(timeToSettle), fault = NULL,
                reason = \(reason), updated_at = \(now)
            WHERE id IN (SELECT id FROM replenishment
                WHERE state = 'inflight' AND epoch IN (SELECT epoch FROM replica WHERE expires_at <= \(.now))
                ORDER BY id LIMIT \(limit) \(.skipLocked))
            RETURNING id, decision, (SELECT trace FROM recommendation WHERE recommendation.id = replenishment.id)
            """
        ) { row in (id: try row[0] as ID<Recommendation>, decision: try row[1] as ID<Decision>?, trace: try row[2] as String?) }
        for row in taken.sorted(by: { $0.id < $1.id }) {
            let transition = Transition(
                from: .inflight, to: .unknown, reason: reason, fault: nil, document: nil, decision: row.decision)
            try Trace.$current.withValue(Trace.current ?? row.trace) {
                try record("recommendation.unknown", row.id, by: "plimsoll", transition)
            }
        }
        return taken.count
    }

    /// After how many microseconds a row's effect must have appeared, by what its system's connector declares.
    private var timeToSettle: SQL {
        var arms: SQL = ""
        for system in services.systems.all {
            for (kind, capability) in system.connector.capabilities.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                arms =
                    arms
                        + """
                         WHEN system = \(system.name) AND action_kind = \(kind.rawValue)
                             THEN CAST(\(capability.settles.microseconds) AS BIGINT)
                        """
            }
        }
        let otherwise = Capability(.none).settles.microseconds
        return "CASE WHEN 1 = 0 THEN CAST(0 AS BIGINT)" + arms + " ELSE CAST(\(otherwise) AS BIGINT) END"
    }
}
