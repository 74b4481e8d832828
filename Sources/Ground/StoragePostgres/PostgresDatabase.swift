import Storage
import Vocabulary

/// The database that a network grows into: many replicas of this program over one PostgreSQL (13 or later).
///
/// A transaction runs to its end even when the task that asked for it is cancelled meanwhile.
package struct PostgresDatabase: Database {
    package let dialect = Dialect.postgres
    private let pool: SessionPool

    /// Makes one connection now, to tell a wrong address at once, and the others when they are needed.
    ///
    /// - Parameters:
    ///   - conninfo: libpq's connection string or URI; environment variables and service files count as usual.
    ///   - database: overrides the database that `conninfo` names.
    ///   - connections: at most so many at once; who finds none free waits in order.
    ///   - patience: how long one waits for a free connection before it is a fault.
    /// - Throws: `storage.unavailable`.
    package static func open(
        conninfo: String, database: String? = nil, connections: Int = 8, patience: Duration = .seconds(30)
    ) async throws -> PostgresDatabase {
        let pool = SessionPool(bound: max(1, connections), patience: patience) {
            PostgresSession(conninfo: conninfo, database: database)
        }
        try await pool.withSession { session in try await session.connect() }
        return PostgresDatabase(pool: pool)
    }

    /// Runs a statement that no transaction may contain, such as `CREATE DATABASE`, on a connection of its own.
    package static func administer(_ statement: String, at conninfo: String) async throws {
        let session = PostgresSession(conninfo: conninfo, database: nil)
        try await session.administer(statement)
        await session.close()
    }

    package func read<Value: Sendable>(
        _ work: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withSession { session in try await session.transact(.read, work) }
    }

    @discardableResult
    package func write<Value: Sendable>(
        _ work: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await pool.withSession { session in try await session.transact(.write, work) }
    }

    package func close() async {
        await pool.close()
    }
}
