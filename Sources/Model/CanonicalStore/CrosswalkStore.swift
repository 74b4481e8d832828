import CanonicalModel
import Storage
import Vocabulary

/// The pairs of names that were written down.
package enum CrosswalkStore {
    /// All names that `system` has for our things.
    package static func load(_ system: ID<ExternalSystem>, on connection: any Connection) throws -> Crosswalk {
        Crosswalk(try entries(of: system, on: connection))
    }

    package static func entries(of system: ID<ExternalSystem>, on connection: any Connection) throws -> [CrosswalkEntry] {
        try connection.rows(
            "SELECT \(CrosswalkEntry.columns) FROM crosswalk WHERE system = \(system) ORDER BY subject, external_id",
            CrosswalkEntry.init(row:))
    }

    /// Writes down pairs that are not there yet.
    ///
    /// - Throws: `input.conflict` naming both pairs when one side of a new pair is already paired otherwise.
    package static func note(_ entries: [CrosswalkEntry], on connection: any Connection, at now: Instant) throws {
        if let conflict = try conflicts(noting: entries, on: connection, at: now).first { throw conflict.fault }
    }

    /// Writes a pair down in place of those that contradict it.
    ///
    /// - Returns: what was there before; empty when nothing contradicted it.
    package static func correct(
        _ entry: CrosswalkEntry, on connection: any Connection, at now: Instant
    ) throws -> [CrosswalkEntry] {
        let before = try connection.rows(
            """
            DELETE FROM crosswalk WHERE system = \(entry.system) AND subject = \(entry.subject)
                AND (external_id = \(entry.externalID) OR canonical_id = \(entry.canonicalID))
                AND NOT (external_id = \(entry.externalID) AND canonical_id = \(entry.canonicalID))
            RETURNING \(CrosswalkEntry.columns)
            """, CrosswalkEntry.init(row:))
        if !before.isEmpty { try raiseVersions([entry.system], on: connection) }
        try note([entry], on: connection, at: now)
        return before
    }

    /// Nil while nothing of the system was written down since versions are counted.
    static func version(of system: ID<ExternalSystem>, on connection: any Connection) throws -> Int64? {
        try connection.value("SELECT version FROM crosswalk_version WHERE system = \(system)")
    }

    private static func raiseVersions(_ systems: Set<ID<ExternalSystem>>, on connection: any Connection) throws {
        try connection.run(forEach: systems.sorted()) { system in
            """
            INSERT INTO crosswalk_version (system, version) VALUES (\(system), 1)
            ON CONFLICT (system) DO UPDATE SET version = crosswalk_version.version + 1
            """
        }
    }

    /// The same for a caller that goes on with the other pairs.
    ///
    /// - Returns: the pairs that were not written because they contradict what is there.
    package static func conflicts(
        noting entries: [CrosswalkEntry], on connection: any Connection, at now: Instant
    ) throws -> [CrosswalkConflict] {
        let counts = try connection.run(forEach: entries) { entry in
            """
            INSERT INTO crosswalk (system, subject, external_id, canonical_id, recorded_at)
            VALUES (\(entry.system), \(entry.subject), \(entry.externalID), \(entry.canonicalID), \(now)) ON CONFLICT DO NOTHING
            """
        }
        try raiseVersions(Set(zip(entries, counts).filter { $0.1 > 0 }.map(\.0.system)), on: connection)
        let refused = zip(entries, counts).filter { $0.1 == 0 }.map(\.0)
        let present = try connection.rows(forEach: refused) { entry in
            """
            SELECT \(CrosswalkEntry.columns) FROM crosswalk
            WHERE system = \(entry.system) AND subject = \(entry.subject)
                AND (external_id = \(entry.externalID) OR canonical_id = \(entry.canonicalID))
            """
        } _: { row in
            try CrosswalkEntry(row: row)
        }
        return zip(refused, present).compactMap { entry, others in
            others.first { $0 != entry }.map { CrosswalkConflict(entry: entry, present: $0) }
        }
    }
}

/// Two pairs of names that cannot both be true.
package struct CrosswalkConflict: Hashable, Sendable {
    package let entry: CrosswalkEntry
    package let present: CrosswalkEntry

    package var fault: Fault { .conflict(message) }

    package var message: String {
        "\(entry.system)'s \(entry.subject.rawValue) \(entry.externalID) cannot be \(entry.canonicalID): "
            + "\(present.externalID) is \(present.canonicalID) there already."
    }
}
