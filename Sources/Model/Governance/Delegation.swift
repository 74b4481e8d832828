import CanonicalModel
import Vocabulary

/// One person standing in for another for a while.
public struct Delegation: Codable, Hashable, Sendable {
    public let from: ID<Person>
    public let to: ID<Person>
    /// Only those that `from` holds are passed on.
    public let roles: [Role]
    public let validFrom: Instant
    /// No longer valid at this moment.
    public let validUntil: Instant

    public init(from: ID<Person>, to: ID<Person>, roles: [Role], validFrom: Instant, validUntil: Instant) {
        self.from = from
        self.to = to
        self.roles = roles
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    public func isInForce(at now: Instant) -> Bool { validFrom <= now && now < validUntil }

    /// What is wrong with it; empty when it may be stored.
    public func violations() -> [Violation] {
        var found: [Violation] = []
        if from == to { found.append(Violation("to", found: to.rawValue, expected: "another person than the one who delegates")) }
        if roles.isEmpty { found.append(Violation("roles", found: "[]", expected: "at least one role")) }
        if validUntil <= validFrom {
            found.append(Violation("validUntil", found: validUntil.description, expected: "later than validFrom, \(validFrom)"))
        }
        return found
    }
}

/// The roles that a person may use at some moment, and in whose stead.
public struct EffectiveRoles: Hashable, Sendable {
    public let own: [Role]
    /// By the person stood in for.
    public let delegated: [ID<Person>: [Role]]

    public var all: [Role] {
        Set(own + delegated.values.joined()).sorted { $0.rawValue < $1.rawValue }
    }

    /// In whose name the person may give an approval that needs one of `required`; nil when in nobody's.
    public func standing(for required: [Role]) -> Standing? {
        if own.contains(where: required.contains) { return .own }
        return delegated.filter { $0.value.contains(where: required.contains) }.keys.min().map(Standing.insteadOf)
    }

    public enum Standing: Hashable, Sendable {
        case own
        /// Under a delegation of that person.
        case insteadOf(ID<Person>)
    }
}

/// What `person` may do at `now`: the roles of their own, and those of others under delegations in force.
///
/// A delegation passes on only roles that its giver holds in person: what was lent cannot be lent on.
///
/// - Parameter roles: what each person holds in person.
public func effectiveRoles(
    of person: ID<Person>, holding roles: [ID<Person>: [Role]], delegations: [Delegation], at now: Instant
) -> EffectiveRoles {
    var delegated: [ID<Person>: Set<Role>] = [:]
    for delegation in delegations where delegation.to == person && delegation.from != person && delegation.isInForce(at: now) {
        let lent = delegation.roles.filter { roles[delegation.from, default: []].contains($0) }
        delegated[delegation.from, default: []].formUnion(lent)
    }
    let sorted = delegated.filter { !$0.value.isEmpty }.mapValues { $0.sorted { $0.rawValue < $1.rawValue } }
    return EffectiveRoles(own: roles[person, default: []], delegated: sorted)
}
