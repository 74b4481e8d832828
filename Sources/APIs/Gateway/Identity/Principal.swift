import CanonicalModel
import Governance
import Vocabulary

/// Whoever holds an API key: a person, or a program on its own account.
package struct Principal: Sendable, Hashable {
    package let key: String
    /// The key's name, for logs and lists.
    package let name: String
    /// As whom the holder approves and proposes.
    package let person: ID<Person>
    package let roles: [Role]
    package let scope: Scope

    package init(key: String, name: String, person: ID<Person>, roles: [Role], scope: Scope) {
        self.key = key
        self.name = name
        self.person = person
        self.roles = roles
        self.scope = scope
    }

    package func holds(_ role: Role) -> Bool { roles.contains(role) }
}

extension Role {
    /// Writes and reads everything that has no location, and keys.
    package static let administrator: Role = "administrator"
    /// A program: brings data, recommendations and forecasts.
    package static let integration: Role = "integration"
    package static let planner: Role = "planner"
    package static let buyer: Role = "buyer"
    package static let operations: Role = "operations"
    /// Reads.
    package static let viewer: Role = "viewer"

    /// The roles that a key can have.
    package static let ofKeys: [Role] = [administrator, integration, planner, buyer, operations, viewer]
}
