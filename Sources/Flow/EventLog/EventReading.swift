import Storage
import Vocabulary

/// Which events somebody asks for; what is left empty asks for nothing in particular.
package struct EventFilter: Hashable, Sendable {
    /// Exact names, or all below one: `plimsoll.recommendation.*`.
    package var types: [String]
    package var subjects: [String]
    package var sources: [String]
    package var from: Instant?
    /// No longer included.
    package var until: Instant?

    package init(
        types: [String] = [], subjects: [String] = [], sources: [String] = [], from: Instant? = nil, until: Instant? = nil
    ) {
        self.types = types
        self.subjects = subjects
        self.sources = sources
        self.from = from
        self.until = until
    }

    package static let all = EventFilter()

    /// The filter as conditions on the table by the name `event`, each after an AND.
    var conditions: SQL {
        var conditions: SQL = ""
        if !types.isEmpty {
            let wanted = types.map { type -> SQL in
                guard type.hasSuffix(".*") else { return "event.type = \(type)" }
                // The byte after "." is "/": from one to the other lies all that begins with the name.
                let name = type.dropLast(2)
                return "(event.type >= \(name + ".") AND event.type < \(name + "/"))"
            }
            conditions = conditions + " AND (\(SQL.joined(wanted, separator: " OR ")))"
        }
        if !subjects.isEmpty { conditions = conditions + " AND event.subject IN (\(list: subjects))" }
        if !sources.isEmpty { conditions = conditions + " AND event.source IN (\(list: sources))" }
        if let from { conditions = conditions + " AND event.at >= \(from)" }
        if let until { conditions = conditions + " AND event.at < \(until)" }
        return conditions
    }
}

extension EventLog {
    /// Events in the order of the log.
    ///
    /// - Parameters:
    ///   - position: the last one that the reader has; 0 reads from the beginning.
    ///   - limit: at most so many.
    package func events(
        after position: Int64, limit: Int, matching filter: EventFilter = .all, on connection: any Connection
    ) throws -> [Event] {
        try connection.rows(
            """
            SELECT \(Event.columns) FROM event WHERE event.shard = \(shard) AND event.position > \(position)\(filter.conditions)
            ORDER BY event.position LIMIT \(limit)
            """, Event.init(row:))
    }

    package func events(
        after position: Int64, limit: Int, types: [String], subjects: [String] = [], on connection: any Connection
    ) throws -> [Event] {
        try events(after: position, limit: limit, matching: EventFilter(types: types, subjects: subjects), on: connection)
    }

    /// The position after which to read in order to see everything since a moment.
    ///
    /// Several servers tell the time of events, so times may step back a little along the log: nothing from
    /// the moment on is left out, and something from just before it may be among what follows.
    package func position(before instant: Instant, on connection: any Connection) throws -> Int64 {
        let first: Int64? =
            try connection.value(
                "SELECT MIN(position) FROM event_moment WHERE shard = \(shard) AND at >= \(instant)", as: Int64?.self) ?? nil
        return try first.map { $0 - 1 } ?? head(on: connection)
    }

    /// The event by which a receiver recognises a repeated delivery.
    package func event(withID id: String, on connection: any Connection) throws -> Event? {
        guard let place = EventID.place(in: id) else {
            return try connection.first(
                "SELECT \(Event.columns) FROM event WHERE event.id = \(id) AND event.id < 'e'", Event.init(row:))
        }
        let found = try connection.first(
            "SELECT \(Event.columns) FROM event WHERE event.shard = \(place.shard) AND event.position = \(place.position)",
            Event.init(row:))
        return found?.id == id ? found : nil
    }
}
