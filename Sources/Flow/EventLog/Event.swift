import Storage
import Vocabulary

/// Something that happened, at its place in the log.
package struct Event: Hashable, Sendable {
    package let shard: Int
    /// Counted from 1 without gaps, in the order in which the transactions were committed.
    package let position: Int64
    /// Unique for ever: what a receiver recognises a repeated delivery by.
    package let id: String
    package let type: String
    package let subject: String
    package let source: String
    package let time: Instant
    package let key: String?
    package let trace: String?
    /// Canonical JSON.
    package let data: String

    package init(
        shard: Int, position: Int64, id: String, type: String, subject: String, source: String, time: Instant,
        key: String?, trace: String?, data: String
    ) {
        self.shard = shard
        self.position = position
        self.id = id
        self.type = type
        self.subject = subject
        self.source = source
        self.time = time
        self.key = key
        self.trace = trace
        self.data = data
    }

    /// The data as a value of ours.
    ///
    /// - Throws: `input.invalid` naming the field that does not fit.
    package func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws(Fault) -> Value {
        try JSON.decode(type, from: data)
    }
}

extension Event {
    /// The columns that `init(row:)` reads, in its order; the table goes by the name `event`.
    static var columns: SQL {
        """
        event.shard, event.position, event.id, event.type, event.subject, event.source, event.at, event.key, event.trace,
        event.data
        """
    }

    init(row: Row) throws {
        self.init(
            shard: try row[0], position: try row[1], id: try row[2], type: try row[3], subject: try row[4],
            source: try row[5], time: try row[6], key: try row[7], trace: try row[8], data: try row[9])
    }
}
