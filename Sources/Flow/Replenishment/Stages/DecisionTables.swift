import EventLog
import Governance
import Storage
import Vocabulary

/// The decision tables that have been in force, the last of which is.
package struct DecisionTables: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    /// One table as it was put in force.
    package struct Adoption: Codable, Sendable, Hashable {
        /// Counted from 1; nil for the table of the configuration.
        package let number: Int64?
        /// The version that decisions name.
        package let version: String
        package let text: String
        package let adoptedAt: Instant?
        package let adoptedBy: String?
    }

    /// The table by which decisions are made now.
    package func current() async throws -> Adoption {
        let table = services.policies.current
        let last = try await last()
        if let last, last.version == table.policyVersion { return last }
        return Adoption(number: nil, version: table.policyVersion, text: table.text, adoptedAt: nil, adoptedBy: nil)
    }

    /// Puts a table in force for decisions made from now on.
    ///
    /// - Throws: `governance.decisionTableInvalid` with every problem and its line.
    package func adopt(_ text: String, by actor: String) async throws -> Adoption {
        let table = try DecisionTable(yaml: text, file: "decision-table.yaml")
        let adoption = try await services.write { ledger in
            try ledger.connection.run(
                """
                INSERT INTO decision_policy (digest, body, loaded_at) VALUES (\(table.policyVersion), \(table.text),
                    \(ledger.now))
                ON CONFLICT (digest) DO NOTHING
                """)
            let number: Int64? = try ledger.connection.value(
                """
                INSERT INTO decision_policy_adoption (number, digest, adopted_at, adopted_by)
                SELECT COALESCE(MAX(number), 0) + 1, \(table.policyVersion), \(ledger.now), \(actor) FROM decision_policy_adoption
                RETURNING number
                """)
            let told = ["version": table.policyVersion]
            ledger.journal.tell(
                try AuditEntry(kind: "decisionTable.adopted", subject: table.policyVersion, actor: actor, body: told))
            ledger.journal.tell(
                try NewEvent(
                    type: "plimsoll.decisionTable.adopted", subject: table.policyVersion, data: told, source: "/governance"))
            return Adoption(
                number: number, version: table.policyVersion, text: table.text, adoptedAt: ledger.now, adoptedBy: actor)
        }
        services.policies.adopt(table)
        return adoption
    }

    /// Puts the table in force that was adopted last, which may have happened in another process or before a restart.
    ///
    /// - Returns: nil when none was ever adopted, so that the configuration's stays.
    @discardableResult
    package func restore() async throws -> Adoption? {
        guard let last = try await last() else { return nil }
        if last.version != services.policies.current.policyVersion {
            services.policies.adopt(try DecisionTable(yaml: last.text, file: "decision_policy \(last.version)"))
        }
        return last
    }

    /// Puts the table in force that another process has put in force since. Whoever has the gate sees every adoption, which went
    /// through it too: no decision is made by a table after the answer that another one is in force.
    func follow(on connection: any Connection) throws {
        let current = services.policies.current.policyVersion
        let text: String? = try connection.value(
            """
            SELECT p.body FROM decision_policy_adoption a JOIN decision_policy p ON p.digest = a.digest
            WHERE a.number = (SELECT MAX(number) FROM decision_policy_adoption) AND a.digest <> \(current)
            """)
        if let text { services.policies.adopt(try DecisionTable(yaml: text, file: "decision-table.yaml")) }
    }

    private func last() async throws -> Adoption? {
        try await services.database.read { connection in
            try connection.first(
                """
                SELECT a.number, a.digest, p.body, a.adopted_at, a.adopted_by
                FROM decision_policy_adoption a JOIN decision_policy p ON p.digest = a.digest ORDER BY a.number DESC LIMIT 1
                """
            ) { row in
                Adoption(number: try row[0], version: try row[1], text: try row[2], adoptedAt: try row[3], adoptedBy: try row[4])
            }
        }
    }
}
