import Vocabulary

/// A business object on which every connected system has agreed.
///
/// Entities are flat: one stored property is one column. `violations()` is asked before anything is stored.
public protocol CanonicalEntity: Codable, Hashable, Sendable {
    static var contract: Contract { get }
    var id: ID<Self> { get }
    /// What is wrong with this value; empty when it may be stored and forwarded.
    func violations() -> [Violation]
}

/// The published name and version of an entity's shape.
public struct Contract: Hashable, Sendable {
    public let name: String
    public let version: Int

    public init(_ name: String, version: Int) {
        self.name = name
        self.version = version
    }
}

/// Where a record came from and when its source saw it so.
public struct Provenance: Codable, Hashable, Sendable {
    public let system: ID<ExternalSystem>
    /// What is older than what we have is stale and refused.
    public let observedAt: Instant
    /// The system's own id of the record; nil when it has none, as in a file.
    public let record: String?

    public init(system: ID<ExternalSystem>, observedAt: Instant, record: String? = nil) {
        self.system = system
        self.observedAt = observedAt
        self.record = record
    }
}

/// A system outside Plimsoll by the name the configuration gives it: `erpEast`, `forecastCloud`.
public enum ExternalSystem {}

/// Somebody who can be held to a decision: a user, or a program by its API key.
public enum Person {}

extension Array where Element == Violation {
    /// Adds a violation when `condition` does not hold.
    mutating func require(_ condition: Bool, _ field: String, found: String?, _ expected: String) {
        if !condition { append(Violation(field, found: found, expected: expected)) }
    }

    /// Connectors make identifiers of whatever their system holds.
    mutating func requireIdentifier<Subject>(_ id: ID<Subject>?, _ field: String) {
        guard let id, let complaint = identifierComplaint(about: id.rawValue) else { return }
        append(Violation(field, found: id.rawValue, expected: complaint))
    }

    mutating func requireNotNegative<Number: Decimal6>(_ value: Number?, _ field: String) {
        guard let value, value.isNegative else { return }
        append(Violation(field, found: value.description, expected: "zero or more"))
    }

    /// For means and deviations of days, shares and the like.
    mutating func requireNotNegative(_ value: Double?, _ field: String) {
        guard let value, !(value.isFinite && value >= 0) else { return }
        append(Violation(field, found: "\(value)", expected: "a finite number, zero or more"))
    }
}
