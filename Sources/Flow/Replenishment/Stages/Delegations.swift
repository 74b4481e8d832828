import CanonicalModel
import EventLog
import Governance
import Storage
import Vocabulary

/// Who stands in for whom.
package struct Delegations: Sendable {
    let services: FlowServices

    package init(_ services: FlowServices) {
        self.services = services
    }

    package struct Entry: Codable, Sendable, Hashable {
        package let id: String
        package let delegation: Delegation
    }

    /// From now until it ends, `to` may use the roles that `from` lends.
    ///
    /// - Throws: `input.invalid`.
    package func add(_ delegation: Delegation, by actor: String) async throws -> Entry {
        let violations = delegation.violations()
        guard violations.isEmpty else { throw Fault.invalid(violations) }
        return try await services.write { ledger in
            let entry = Entry(id: services.randomness.identifier(at: ledger.now), delegation: delegation)
            try ledger.connection.run(
                """
                INSERT INTO delegation (id, from_person, to_person, body, valid_from, valid_until)
                VALUES (\(entry.id), \(delegation.from), \(delegation.to), \(try JSON.text(of: delegation)),
                    \(delegation.validFrom),
                    \(delegation.validUntil))
                """)
            ledger.journal.tell(
                try AuditEntry(kind: "delegation.given", subject: entry.id, actor: actor, body: delegation))
            return entry
        }
    }

    /// Those that have not ended yet, in the order in which they were given.
    ///
    /// - Parameter person: of whom they are, on either side; nil for all.
    package func list(of person: ID<Person>? = nil) async throws -> [Entry] {
        let now = services.clock.now()
        let condition: SQL = person.map { "AND (from_person = \($0) OR to_person = \($0))" } ?? ""
        return try await services.database.read { connection in
            try connection.rows("SELECT id, body FROM delegation WHERE valid_until > \(now) \(condition) ORDER BY id") { row in
                Entry(id: try row[0], delegation: try JSON.decode(from: try row[1] as String))
            }
        }
    }
}
