import Governance
import Storage
import Synchronization
import Vocabulary

/// The decision table in force, and every earlier one by its version: an old decision is judged by the table it was made under.
package final class PolicyBook: Sendable {
    private let tables: Mutex<(current: DecisionTable, byVersion: [String: DecisionTable])>

    package init(current: DecisionTable) {
        tables = Mutex((current, [current.policyVersion: current]))
    }

    package var current: DecisionTable { tables.withLock { $0.current } }

    /// Puts another table in force for decisions made from now on.
    package func adopt(_ table: DecisionTable) {
        tables.withLock { tables in
            tables.current = table
            tables.byVersion[table.policyVersion] = table
        }
    }

    /// Keeps the table in force beside the decisions that will name it.
    func store(on connection: any Connection, at now: Instant) throws {
        let table = current
        try connection.run(
            """
            INSERT INTO decision_policy (digest, body, loaded_at) VALUES (\(table.policyVersion), \(table.text), \(now))
            ON CONFLICT (digest) DO NOTHING
            """)
    }

    /// - Throws: `input.notFound` when no decision was ever stored under that version.
    func table(_ version: String, on connection: any Connection) throws -> DecisionTable {
        if let known = tables.withLock({ $0.byVersion[version] }) { return known }
        guard let text: String = try connection.value("SELECT body FROM decision_policy WHERE digest = \(version)") else {
            throw Fault.notFound("Decision table \(version)")
        }
        let table = try DecisionTable(yaml: text, file: "decision_policy \(version)")
        tables.withLock { $0.byVersion[version] = table }
        return table
    }
}
