import CanonicalModel
import Vocabulary

/// Part of what a feed holds.
public struct Page: Sendable {
    public let observations: [Observation]
    /// Rows that could not be made canonical, each with what is wrong; the rest of the page goes on.
    public let refusals: [Refusal]
    /// Where the next page begins; to be stored once this page is.
    public let next: Cursor?
    /// Whether the system had more when it answered.
    public let hasMore: Bool

    public init(_ observations: [Observation], refusals: [Refusal] = [], next: Cursor?, hasMore: Bool) {
        self.observations = observations
        self.refusals = refusals
        self.next = next
        self.hasMore = hasMore
    }
}

/// One canonical entity as its system saw it at one instant.
public struct Observation: Hashable, Sendable {
    public let entity: CanonicalRecord
    /// The system's own id of the record.
    public let externalID: String
    public let observedAt: Instant

    public init(_ entity: CanonicalRecord, externalID: String, observedAt: Instant) {
        self.entity = entity
        self.externalID = externalID
        self.observedAt = observedAt
    }
}

/// Any of the entities that a feed can hold.
public enum CanonicalRecord: Hashable, Sendable {
    case item(Item)
    case location(Location)
    case supplier(Supplier)
    case sourcing(Sourcing)
    case lane(Lane)
    case policy(InventoryPolicy)
    case balance(Balance)
    case supply(SupplyLine)
    case demand(Demand)
}

/// One row of a source that was not taken, and why.
public struct Refusal: Hashable, Sendable, Codable {
    /// The source's own name for the row: a record id, or `row 17`.
    public let row: String
    public let violations: [Violation]

    public init(row: String, violations: [Violation]) {
        self.row = row
        self.violations = violations
    }
}

/// Where reading a feed stopped: the change time and id of the last record taken.
///
/// Both, because records with equal times would be skipped by the time alone. Readers go back by an
/// overlap, since a source's transactions may commit later than the times they carry.
public struct Cursor: Hashable, Sendable, Codable {
    public let time: Instant
    public let id: String

    public init(time: Instant, id: String) {
        self.time = time
        self.id = id
    }
}
