import CanonicalModel
import Storage
import Vocabulary

/// What has to be known of a stored row to judge a new observation of it.
struct Head: Hashable {
    var version: Int64
    var digest: Digest
    var provenance: Provenance
}

/// The columns to be written, and the row's head once they are.
struct Content {
    let head: Head
    let values: [SQLValue]
}

/// One row of a batch: as it is stored, and as it will be.
struct Pending<Entity: StoredEntity> {
    enum Change { case none, touch, update, create }

    private let isStored: Bool
    private var head: Head?
    private var values: [SQLValue] = []
    private(set) var change = Change.none

    init(stored: Head? = nil) {
        isStored = stored != nil
        head = stored
    }

    mutating func take(_ entity: Entity, from provenance: Provenance, round: Instant?) throws -> UpsertResult {
        let values = try entity.columnValues
        let violations = entity.violations() + unstorable(entity, values, provenance)
        let belongs = head?.provenance.system == provenance.system
        guard violations.isEmpty else {
            // The system still has the row, even if what it says of it now cannot be taken.
            if round != nil, belongs { raise(to: .touch) }
            return .refused(violations)
        }
        let digest = Entity.contentDigest(values)
        guard let have = head else {
            head = Head(version: 1, digest: digest, provenance: provenance)
            self.values = values
            change = .create
            return .created(version: 1)
        }
        let isNewer = provenance.observedAt > have.provenance.observedAt
        if digest == have.digest {
            if belongs, isNewer { head?.provenance = provenance }
            if belongs, isNewer || round != nil { raise(to: .touch) }
            return .unchanged(version: have.version)
        }
        guard isNewer || belongs && provenance.observedAt == have.provenance.observedAt else {
            if belongs, round != nil { raise(to: .touch) }
            return .stale(have: have.provenance.observedAt)
        }
        head = Head(version: have.version + 1, digest: digest, provenance: provenance)
        self.values = values
        raise(to: .update)
        return .updated(version: have.version + 1)
    }

    /// What is to be created stays so, whatever else the batch says of it.
    private mutating func raise(to other: Change) {
        switch (change, other) {
        case (.create, _), (.update, .touch): return
        default: change = isStored ? other : .create
        }
    }

    private func unstorable(_ entity: Entity, _ values: [SQLValue], _ provenance: Provenance) -> [Violation] {
        let named = zip(["id"] + Entity.columns + ["record"], [entity.id.sqlValue] + values + [provenance.record.sqlValue])
        return named.flatMap { name, value -> [Violation] in
            do throws(Fault) {
                try value.requireStorable(name)
                return []
            } catch {
                return error.violations
            }
        }
    }

    func content() throws -> Content {
        guard let head else { throw Fault.defect("A row of \(Entity.table) is to be written without content.") }
        return Content(head: head, values: values)
    }
}
