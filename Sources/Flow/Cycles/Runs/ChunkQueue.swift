import CanonicalModel
import Replenishment
import Storage
import Vocabulary

/// Some items' positions that are computed and written together.
struct EngineChunk: Sendable, Hashable {
    let run: ID<EngineRun>
    let number: Int
    let cycle: ID<ForecastCycle>
    let isProvisional: Bool
    /// Nil for all locations of the cycle: who plans an item over the network has to know it everywhere.
    let location: ID<Location>?
    let firstItem: ID<Item>
    let lastItem: ID<Item>
    let positions: Int
    /// How often it was taken, this time included.
    let attempts: Int

    /// In place of a location, which always has a name.
    static let everywhere: ID<Location> = ""

    static let columns: SQL =
        "c.run, c.number, r.cycle, r.is_provisional, c.location, c.first_item, c.last_item, c.positions, c.attempts"

    init(_ row: Row) throws {
        run = try row[0]
        number = try row[1]
        cycle = try row[2]
        isProvisional = try row[3]
        let place: ID<Location> = try row[4]
        location = place == Self.everywhere ? nil : place
        firstItem = try row[5]
        lastItem = try row[6]
        positions = try row[7]
        attempts = try row[8]
    }

    /// The rows of `cycle_position` that it is about, forecast or not.
    var scope: SQL {
        let here: SQL = location.map { "AND location = \($0)" } ?? ""
        return "cycle = \(cycle) AND item >= \(firstItem) AND item <= \(lastItem) \(here)"
    }
}

/// Hands chunks out, each to one replica at a time.
///
/// A chunk is taken under the replica's epoch. When that lease has run out, the next who looks takes it over; and what the
/// first one still writes under its old epoch is undone.
struct ChunkQueue: Sendable {
    let database: any Database
    let epoch: Int64

    /// Takes the next chunk that waits, or that a replica left behind when it ended.
    func take(at now: Instant) async throws -> EngineChunk? {
        let open: SQL = """
            (state = 'waiting' OR state = 'taken' AND epoch IN (SELECT epoch FROM replica WHERE expires_at <= \(.now)))
            """
        let isAny = try await database.read { connection in
            try connection.value("SELECT 1 FROM engine_chunk WHERE state <> 'done' AND \(open) LIMIT 1", as: Int.self) != nil
        }
        guard isAny else { return nil }
        return try await database.write { connection in
            let next = try connection.first(
                """
                SELECT run, number FROM engine_chunk WHERE state <> 'done' AND \(open) ORDER BY run, number LIMIT 1 \(.skipLocked)
                """
            ) { row in (run: try row[0] as ID<EngineRun>, number: try row[1] as Int) }
            guard let next else { return nil }
            try connection.run(
                """
                UPDATE engine_chunk SET state = 'taken', epoch = \(epoch), attempts = attempts + 1, started_at = \(now)
                WHERE run = \(next.run) AND number = \(next.number)
                """)
            return try connection.first(
                """
                SELECT \(EngineChunk.columns) FROM engine_chunk c, engine_run r
                WHERE c.run = \(next.run) AND c.number = \(next.number) AND r.id = c.run
                """
            ) { row in try EngineChunk(row) }
        }
    }

    /// Marks a chunk as done in the transaction that writes its results.
    ///
    /// - Throws: `cycles.chunkLost` when another replica has it by now, which undoes the transaction.
    func complete(_ chunk: EngineChunk, _ result: ChunkResult, on connection: any Connection, at now: Instant) throws {
        try change(
            chunk,
            """
            state = 'done', ended_at = \(now), forecasts = \(result.forecasts), recommendations = \(result.recommendations),
            troubled = \(result.troubled)
            """, on: connection)
    }

    /// Gives a chunk back as it was, because the database or the process had to stop.
    func giveBack(_ chunk: EngineChunk) async throws {
        try await database.write { connection in
            try change(chunk, "state = 'waiting', epoch = NULL, attempts = attempts - 1", on: connection)
        }
    }

    /// Cuts a chunk in two, so that what cannot be written is soon alone.
    ///
    /// - Parameter middle: the last item of the first half and how many positions that has, and the first of the second.
    func split(_ chunk: EngineChunk, after middle: (last: ID<Item>, count: Int), before next: ID<Item>) async throws {
        let place = chunk.location ?? EngineChunk.everywhere
        try await database.write { connection in
            let (first, second) = (middle.count, chunk.positions - middle.count)
            try change(
                chunk, "state = 'waiting', epoch = NULL, attempts = 0, last_item = \(middle.last), positions = \(first)",
                on: connection)
            try connection.run(
                """
                INSERT INTO engine_chunk (run, number, location, first_item, last_item, positions, state)
                SELECT \(chunk.run), MAX(number) + 1, \(place), \(next), \(chunk.lastItem), \(second), 'waiting'
                FROM engine_chunk WHERE run = \(chunk.run)
                """)
        }
    }

    /// Cuts a chunk of one item by its locations, each of which then is planned without the others.
    func scatter(_ chunk: EngineChunk, over locations: [ID<Location>]) async throws {
        guard let first = locations.first else { return }
        try await database.write { connection in
            try change(
                chunk, "state = 'waiting', epoch = NULL, attempts = 0, location = \(first), positions = 1", on: connection)
            for location in locations.dropFirst() {
                try connection.run(
                    """
                    INSERT INTO engine_chunk (run, number, location, first_item, last_item, positions, state)
                    SELECT \(chunk.run), MAX(number) + 1, \(location), \(chunk.firstItem), \(chunk.lastItem), 1, 'waiting'
                    FROM engine_chunk WHERE run = \(chunk.run)
                    """)
            }
        }
    }

    private func change(_ chunk: EngineChunk, _ assignments: SQL, on connection: any Connection) throws {
        let count = try connection.run(
            """
            UPDATE engine_chunk SET \(assignments) WHERE run = \(chunk.run) AND number = \(chunk.number) AND state = 'taken'
                AND epoch = \(epoch) AND attempts = \(chunk.attempts)
            """)
        guard count == 1 else {
            throw Fault(.chunkLost, .retry(), "Chunk \(chunk.number) of the run \(chunk.run) was taken over by another replica.")
        }
    }
}

/// What became of a chunk's positions.
struct ChunkResult: Sendable, Hashable {
    var forecasts = 0
    var recommendations = 0
    /// Positions with an exception.
    var troubled = 0
}

extension Fault.Code {
    /// Another replica took over what this one was computing, so its results were not written.
    package static let chunkLost = Self("cycles.chunkLost")
}
