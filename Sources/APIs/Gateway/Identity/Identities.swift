import CanonicalModel
import Governance
import Storage
import Vocabulary

/// Who may come in: API keys, of which only the digests are kept.
package struct Identities: Sendable {
    let database: any Database
    let randomness: Randomness

    package init(database: any Database, randomness: Randomness) {
        self.database = database
        self.randomness = randomness
    }

    /// What a key is to be.
    package struct Wanted: Codable, Sendable, Hashable {
        package var name: String
        package var person: ID<Person>
        package var roles: [Role]
        package var scope: Scope
        package var expiresAt: Instant?

        package init(name: String, person: ID<Person>, roles: [Role], scope: Scope = .everywhere, expiresAt: Instant? = nil) {
            self.name = name
            self.person = person
            self.roles = roles
            self.scope = scope
            self.expiresAt = expiresAt
        }

        /// What is wrong with it; empty when a key may be made.
        package func violations(at now: Instant) -> [Violation] {
            var found = scope.violations()
            if name.isEmpty || name.utf8.count > 100 {
                found.append(Violation("name", found: name, expected: "a name of at most 100 bytes"))
            }
            if roles.isEmpty { found.append(Violation("roles", found: "[]", expected: "at least one role")) }
            for role in roles where !Role.ofKeys.contains(role) {
                let known = Role.ofKeys.map(\.rawValue).joined(separator: ", ")
                found.append(Violation("roles", found: role.rawValue, expected: "one of \(known)"))
            }
            if roles.contains(.administrator), !scope.isEverywhere {
                found.append(
                    Violation("scope", found: "a part of the locations", expected: "no scope: an administrator acts everywhere"))
            }
            if let expiresAt, expiresAt <= now {
                found.append(Violation("expiresAt", found: expiresAt.description, expected: "an instant to come"))
            }
            return found
        }
    }

    /// Makes the first key, an administrator's.
    ///
    /// - Returns: the key, which is shown nowhere else ever again; nil when there has been one before.
    package func bootstrap(at now: Instant) async throws -> String? {
        let secret = APIKeySecret(randomness)
        let row = APIKey(
            id: randomness.identifier(at: now),
            Wanted(name: "first administrator", person: "administrator", roles: [.administrator]), at: now)
        return try await database.write { connection in
            // Of two replicas that start at once, one finds the other's row.
            let claimed = try connection.run("INSERT INTO api_key_bootstrap (id, at) VALUES (0, \(now)) ON CONFLICT DO NOTHING")
            guard claimed == 1 else { return nil }
            try row.insert(secret.digest, on: connection)
            return secret.text
        }
    }

    /// - Returns: the key as it is listed, and its text, which is shown nowhere else ever again.
    /// - Throws: `input.invalid`.
    package func create(_ wanted: Wanted, at now: Instant) async throws -> (key: APIKey, secret: String) {
        let violations = wanted.violations(at: now)
        guard violations.isEmpty else { throw Fault.invalid(violations) }
        let secret = APIKeySecret(randomness)
        let row = APIKey(id: randomness.identifier(at: now), wanted, at: now)
        try await database.write { connection in try row.insert(secret.digest, on: connection) }
        return (row, secret.text)
    }

    /// All keys, the oldest first; revoked and expired ones too.
    package func list() async throws -> [APIKey] {
        try await database.read { connection in
            try connection.rows("SELECT \(APIKey.columns) FROM api_key ORDER BY created_at, id", APIKey.init(row:))
        }
    }

    /// All roles that the valid keys of a person have.
    package func roles(of person: ID<Person>, at now: Instant) async throws -> [Role] {
        let keys = try await database.read { connection in
            try connection.rows("SELECT \(APIKey.columns) FROM api_key WHERE person = \(person)", APIKey.init(row:))
        }
        return Set(keys.filter { $0.isValid(at: now) }.flatMap(\.roles)).sorted { $0.rawValue < $1.rawValue }
    }

    /// From now on nobody comes in with it.
    ///
    /// - Throws: `input.notFound`; `input.conflict` for the last administrator's key, without which nobody could make another.
    package func revoke(_ id: String, at now: Instant) async throws {
        try await database.write { connection in
            let keys = try connection.rows("SELECT \(APIKey.columns) FROM api_key \(.forUpdate)", APIKey.init(row:))
            guard let key = keys.first(where: { $0.id == id }) else { throw Fault.notFound("API key \(id)") }
            let administrators = keys.filter { $0.roles.contains(.administrator) && $0.isValid(at: now) }
            guard administrators.map(\.id) != [id] else {
                throw Fault.conflict("\(key.name) is the last administrator's key: make another one first.")
            }
            try connection.run("UPDATE api_key SET revoked_at = COALESCE(revoked_at, \(now)) WHERE id = \(id)")
        }
    }

    /// Who holds `secret`; nil when it is no key of ours, or one that is revoked or has expired.
    package func principal(_ secret: String, at now: Instant) async throws -> Principal? {
        guard APIKeySecret.isWellFormed(secret) else { return nil }
        let digest = APIKeySecret.digest(of: secret)
        let found = try await database.read { connection in
            try connection.first("SELECT \(APIKey.columns), digest FROM api_key WHERE digest = \(digest)") { row in
                (try APIKey(row: row), try row[APIKey.columnCount] as String)
            }
        }
        // The index has compared already; this comparison takes the same time wherever two digests differ.
        guard let (key, stored) = found, constantTimeEqual(stored, digest), key.isValid(at: now) else { return nil }
        try await touch(key, at: now)
        return Principal(key: key.id, name: key.name, person: key.person, roles: key.roles, scope: key.scope)
    }

    /// Notes the use of a key, at most once a minute.
    private func touch(_ key: APIKey, at now: Instant) async throws {
        if let last = key.lastUsedAt, now - last < .seconds(60), now >= last { return }
        try await database.write { connection in
            try connection.run("UPDATE api_key SET last_used_at = \(now) WHERE id = \(key.id)")
        }
    }
}

private func constantTimeEqual(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
