import Vocabulary

/// One step by which the schema grows; once released it never changes (`Tests/Tidy` has its digest).
package struct Migration: Sendable {
    /// `area-number-what`: `canonical-001-item`.
    package let name: String
    package let statements: [SQL]
    /// Whether programs that do not know it go on working: it adds tables, indexes and columns that may be left out, and nothing
    /// that they read or write becomes another thing.
    package let isAdditive: Bool

    package init(_ name: String, isAdditive: Bool = false, @StatementList _ statements: () -> [SQL]) {
        self.name = name
        self.isAdditive = isAdditive
        self.statements = statements()
    }
}

/// Statements written one after the other.
@resultBuilder
package enum StatementList {
    package static func buildExpression(_ statement: SQL) -> [SQL] { [statement] }
    package static func buildBlock(_ statements: [SQL]...) -> [SQL] { statements.flatMap(\.self) }
}

extension Database {
    /// Brings the schema up to date, each migration in a transaction of its own.
    ///
    /// Several replicas may start at once: the journal's row lock lets one at a time through. The journal itself is made
    /// under the schema's lock, since PostgreSQL's `IF NOT EXISTS` looks before it waits and then finds the table made.
    ///
    /// What a later version has added is left alone when that version says that it can be (`isAdditive`): so replicas of two
    /// versions work on one database, and the older one can be started again on what the newer one has migrated.
    ///
    /// - Throws: `storage.schema`, naming the migration, when a later version has changed what this one relies on,
    ///   or an applied migration's text has changed.
    package func migrate(_ migrations: [Migration], at now: Instant) async throws {
        try await write { connection in
            _ = try connection.value("SELECT \(.schemaLock)", as: String.self)
            try connection.run(
                "CREATE TABLE IF NOT EXISTS schema_migration (name \(.key) PRIMARY KEY, digest TEXT NOT NULL, "
                    + "applied_at BIGINT NOT NULL)"
            )
            // Beside the journal and not in it: its first form is out there.
            try connection.run("CREATE TABLE IF NOT EXISTS schema_addition (name \(.key) PRIMARY KEY)")
            try connection.run(
                "INSERT INTO schema_migration (name, digest, applied_at) VALUES ('', '', 0) ON CONFLICT (name) DO NOTHING")
        }
        for migration in migrations {
            try await write { connection in try apply(migration, on: connection, at: now) }
        }
        let known = Set(migrations.map(\.name))
        let applied = try await read { connection in
            try connection.values(
                """
                SELECT name FROM schema_migration
                WHERE name <> '' AND name NOT IN (SELECT name FROM schema_addition) ORDER BY name
                """, as: String.self)
        }
        if let stranger = applied.first(where: { !known.contains($0) }) {
            throw Fault.storageSchema(
                "The database has the migration \(stranger), which this program does not know and cannot do without: use the "
                    + "version that wrote it, or a later one."
            )
        }
    }
}

private func apply(_ migration: Migration, on connection: any Connection, at now: Instant) throws {
    _ = try connection.value("SELECT name FROM schema_migration WHERE name = '' \(.forUpdate)", as: String.self)
    let text = migration.statements.map { $0.rendered(for: connection.dialect).text }.joined(separator: ";\n")
    let digest = Digest(of: text)
    let applied: Digest? = try connection.value("SELECT digest FROM schema_migration WHERE name = \(migration.name)")
    if let applied {
        guard applied == digest else {
            throw Fault.storageSchema("The migration \(migration.name) was applied with another text than this program has.")
        }
        return
    }
    for statement in migration.statements { try connection.run(statement) }
    try connection.run(
        "INSERT INTO schema_migration (name, digest, applied_at) VALUES (\(migration.name), \(digest), \(now))")
    if migration.isAdditive { try connection.run("INSERT INTO schema_addition (name) VALUES (\(migration.name))") }
}
