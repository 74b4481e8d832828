import CanonicalModel
import Storage
import Vocabulary

/// What outside systems call our items, locations and suppliers: a pair of names, unique from both sides.
let crosswalkMigration = Migration("canonical-011-crosswalk") {
    """
    CREATE TABLE crosswalk (
        system \(.key) NOT NULL, subject \(.key) NOT NULL, external_id \(.key) NOT NULL, canonical_id \(.key) NOT NULL,
        recorded_at BIGINT NOT NULL,
        PRIMARY KEY (system, subject, external_id), UNIQUE (system, subject, canonical_id))
    """
}

/// Grows with each change of a system's names, so that whoever keeps them knows whether they still hold.
let crosswalkVersionMigration = Migration("canonical-013-crosswalk-version") {
    "CREATE TABLE crosswalk_version (system \(.key) PRIMARY KEY, version BIGINT NOT NULL)"
}

extension CrosswalkSubject: SQLRepresentable {}

extension CrosswalkEntry {
    static var columns: SQL { "system, subject, external_id, canonical_id" }

    init(row: Row) throws {
        self.init(system: try row[0], subject: try row[1], externalID: try row[2], canonicalID: try row[3])
    }
}
