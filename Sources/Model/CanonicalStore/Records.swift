import CanonicalModel
import Storage
import Vocabulary

/// The table of one entity.
///
/// Besides the entity's columns each row has its version, the system, record and instant it comes from, and a
/// digest of its content, by which a message that says nothing new is recognised without comparing columns.
package enum Records<Entity: StoredEntity> {
    package static func get(_ id: ID<Entity>, on connection: any Connection) throws -> Stored<Entity>? {
        try connection.first(
            "SELECT \(Stored<Entity>.columns()) FROM \(identifier: Entity.table) WHERE id = \(id)", Stored<Entity>.init(row:))
    }

    /// Those of `ids` that are there, by id.
    package static func get(_ ids: some Sequence<ID<Entity>>, on connection: any Connection) throws -> [ID<Entity>: Stored<
        Entity
    >] {
        var found: [ID<Entity>: Stored<Entity>] = [:]
        for group in Set(ids).sorted().inRuns(of: 2000) {
            let rows = try connection.rows(
                "SELECT \(Stored<Entity>.columns()) FROM \(identifier: Entity.table) WHERE id \(anyOf: group)",
                Stored<Entity>.init(row:))
            for row in rows { found[row.entity.id] = row }
        }
        return found
    }

    /// Some rows in the order of their ids.
    ///
    /// - Parameters:
    ///   - after: the last id of the page before; nil for the first page.
    ///   - filter: a condition on the entity's columns, such as `"item = \(item)"`.
    package static func page(
        after: ID<Entity>? = nil, limit: Int, where filter: SQL? = nil, on connection: any Connection
    ) throws -> [Stored<Entity>] {
        let start: SQL = if let after { "id > \(after)" } else { "1 = 1" }
        let condition: SQL = if let filter { "\(start) AND (\(filter))" } else { start }
        return try connection.rows(
            """
            SELECT \(Stored<Entity>.columns()) FROM \(identifier: Entity.table) WHERE \(condition) ORDER BY id LIMIT \(limit)
            """, Stored<Entity>.init(row:))
    }

    package static func count(where filter: SQL? = nil, on connection: any Connection) throws -> Int {
        try connection.value("SELECT COUNT(*) FROM \(identifier: Entity.table) WHERE \(filter ?? "1 = 1")") ?? 0
    }

    /// Stores an entity that somebody edits, provided that it is still at the version they looked at.
    ///
    /// - Parameter expected: the version that the edit starts from; 0 to create what is not there yet.
    /// - Throws: `input.invalid` naming the fields, `input.conflict` when the stored version is another one.
    package static func save(
        _ entity: Entity, from provenance: Provenance, expecting expected: Int64, on connection: any Connection, at now: Instant
    ) throws -> UpsertResult {
        let have: Int64? = try connection.value(
            "SELECT version FROM \(identifier: Entity.table) WHERE id = \(entity.id) \(.forUpdate)")
        guard (have ?? 0) == expected else {
            throw Fault.conflict(
                "\(Entity.contract.name) \(entity.id) is at version \(have ?? 0), not \(expected): read it again.")
        }
        let result = try upsert([(entity, provenance)], on: connection, at: now).first
        switch result {
        case .refused(let violations)?: throw Fault.invalid(violations)
        case .stale(let instant)?:
            throw Fault.conflict("\(Entity.contract.name) \(entity.id) was observed at \(instant), later than this edit.")
        case let result?:
            // Another transaction may have created the row since we saw that there is none.
            if let written = result.writtenVersion, written == expected + 1 { return result }
            if case .unchanged(let version) = result, version == expected { return result }
            throw Fault.conflict("\(Entity.contract.name) \(entity.id) was changed at the same time: read it again.")
        case nil: throw Fault.defect("An upsert of one \(Entity.contract.name) answered nothing.")
        }
    }
}
