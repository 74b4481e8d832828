import CanonicalModel
import Governance
import Storage
import Vocabulary

/// A key as it is listed: everything but what opens the door.
package struct APIKey: Codable, Hashable, Sendable {
    package let id: String
    package let name: String
    package let person: ID<Person>
    package let roles: [Role]
    package let scope: Scope
    package let createdAt: Instant
    package let expiresAt: Instant?
    package let revokedAt: Instant?
    /// To the minute.
    package let lastUsedAt: Instant?

    static let columns: SQL = "id, name, person, roles, scope, created_at, expires_at, revoked_at, last_used_at"
    static let columnCount = 9

    init(id: String, _ wanted: Identities.Wanted, at now: Instant) {
        self.id = id
        name = wanted.name
        person = wanted.person
        roles = wanted.roles
        scope = wanted.scope
        createdAt = now
        expiresAt = wanted.expiresAt
        revokedAt = nil
        lastUsedAt = nil
    }

    init(row: Row) throws {
        id = try row[0]
        name = try row[1]
        person = try row[2]
        roles = try JSON.decode(from: try row[3] as String)
        scope = try JSON.decode(from: try row[4] as String)
        createdAt = try row[5]
        expiresAt = try row[6]
        revokedAt = try row[7]
        lastUsedAt = try row[8]
    }

    func insert(_ digest: String, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO api_key (id, name, person, digest, roles, scope, created_at, expires_at)
            VALUES (\(id), \(name), \(person), \(digest), \(try JSON.text(of: roles)), \(try JSON.text(of: scope)),
                \(createdAt), \(expiresAt))
            """)
    }

    func isValid(at now: Instant) -> Bool {
        revokedAt == nil && (expiresAt.map { now < $0 } ?? true)
    }
}
