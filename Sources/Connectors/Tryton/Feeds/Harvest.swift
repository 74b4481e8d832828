import CanonicalModel
import ConnectorKit
import Vocabulary

/// What one page has yielded so far.
struct Harvest {
    private(set) var observations: [Observation] = []
    private(set) var refusals: [Refusal] = []
    private var seen: Set<String> = []
    let observedAt: Instant

    init(observedAt: Instant) {
        self.observedAt = observedAt
    }

    /// Takes what `make` reads from a record; what it objects to becomes a refusal, and the page goes on.
    mutating func take(_ record: Record, _ make: (Record, inout Harvest) throws(Fault) -> Void) {
        do {
            try make(record, &self)
        } catch {
            refuse(record, error)
        }
    }

    mutating func refuse(_ record: Record, _ fault: Fault) {
        let violations =
            fault.violations.isEmpty ? [Violation("record", found: record.name, expected: fault.message)] : fault.violations
        refusals.append(Refusal(row: record.name, violations: violations))
    }

    /// Adds a checked entity; a second one with the same canonical id is refused.
    mutating func add<Entity: CanonicalEntity>(
        _ entity: Entity, as wrapped: CanonicalRecord, externalID: String, repeated: Repetition = .refused
    ) throws(Fault) {
        let violations = entity.violations()
        guard violations.isEmpty else { throw .invalid(violations) }
        guard seen.insert(entity.id.rawValue).inserted else {
            if repeated == .ignored { return }
            throw .invalid("id", found: entity.id.rawValue, expected: "one record only: another has already been read as this")
        }
        observations.append(Observation(wrapped, externalID: externalID, observedAt: observedAt))
    }

    enum Repetition { case refused, ignored }
}
