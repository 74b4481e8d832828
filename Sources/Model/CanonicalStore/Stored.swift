import CanonicalModel
import Storage
import Vocabulary

/// An entity as it is stored, and what is known about its being so.
package struct Stored<Entity: StoredEntity>: Hashable, Sendable {
    package let entity: Entity
    /// 1 when it was first stored; grows by one with each change of its content.
    package let version: Int64
    package let provenance: Provenance
    /// When its present content was written.
    package let recordedAt: Instant

    /// The columns that `init(row:)` reads, in its order; `prefix` is the name the table goes by.
    static func columns(of prefix: String? = nil) -> SQL {
        .list(["id"] + Entity.columns + ["version", "source_system", "source_record", "observed_at", "recorded_at"], of: prefix)
    }

    init(row: Row) throws {
        var reader = ColumnReader(row)
        entity = try Entity(id: try reader.next(), reading: &reader)
        version = try reader.next()
        let (system, record): (ID<ExternalSystem>, String?) = (try reader.next(), try reader.next())
        provenance = Provenance(system: system, observedAt: try reader.next(), record: record)
        recordedAt = try reader.next()
    }
}

/// What became of one observation.
package enum UpsertResult: Hashable, Sendable {
    case created(version: Int64)
    case updated(version: Int64)
    /// The content is what we have; at most the instant at which it was last seen so moved forward.
    case unchanged(version: Int64)
    /// Older than what we have, so that it says nothing new.
    case stale(have: Instant)
    /// Not stored, and why.
    case refused([Violation])

    /// The version written now; nil when nothing was.
    package var writtenVersion: Int64? {
        switch self {
        case .created(let version), .updated(let version): version
        case .unchanged, .stale, .refused: nil
        }
    }
}
