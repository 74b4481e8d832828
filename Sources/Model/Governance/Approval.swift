import CanonicalModel
import Vocabulary

/// One person's consent to exactly one action, as decided.
public struct Approval: Codable, Hashable, Sendable {
    public let decision: ID<Decision>
    /// The digest of the action as the person saw it.
    public let actionDigest: Digest
    public let by: ID<Person>
    /// The roles that the person held at that moment.
    public let roles: [Role]
    /// Whom the person stood in for, under a delegation in force.
    public let onBehalfOf: ID<Person>?
    public let at: Instant
    public let comment: String?

    public init(
        decision: ID<Decision>, actionDigest: Digest, by: ID<Person>, roles: [Role], onBehalfOf: ID<Person>? = nil, at: Instant,
        comment: String? = nil
    ) {
        self.decision = decision
        self.actionDigest = actionDigest
        self.by = by
        self.roles = roles
        self.onBehalfOf = onBehalfOf
        self.at = at
        self.comment = comment
    }
}

extension Action {
    /// The digest of the action's canonical JSON: two actions with the same digest are the same action.
    public var digest: Digest {
        get throws(Fault) { Digest(of: try JSON.text(of: self)) }
    }
}
