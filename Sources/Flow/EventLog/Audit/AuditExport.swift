import Storage
import Vocabulary

extension AuditLog {
    /// Hands over the chain as NDJSON, one record a line, a page at a time.
    ///
    /// - Parameters:
    ///   - sequence: of the last record that the receiver has.
    ///   - write: called with whole lines, each with its line feed.
    /// - Returns: the sequence of the last record handed over.
    @discardableResult
    package func export(
        from database: any Database, after sequence: Int64 = 0, write: (String) async throws -> Void
    ) async throws -> Int64 {
        var last = sequence
        while let page = try await exportPage(from: database, after: last) {
            try Task.checkCancellation()
            try await write(page.lines)
            last = page.last
        }
        return last
    }

    /// One page of the chain as NDJSON, and the sequence of its last record; nil when there is nothing more.
    package func exportPage(
        from database: any Database, after sequence: Int64
    ) async throws -> (lines: String, last: Int64)? {
        let (page, sealed) = try await database.read { connection in
            let page = try connection.rows(
                """
                SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND sequence > \(sequence)
                ORDER BY shard, sequence LIMIT \(AuditVerifier.page)
                """, AuditRecord.init(row:))
            return (page, try sealedEvents(of: page, on: connection))
        }
        guard let end = page.last else { return nil }
        let lines = try page.map { record in
            try JSON.text(of: ExportedRecord(record: record, events: sealed[record.sequence])) + "\n"
        }
        return (lines.joined(), end.sequence)
    }

    /// The events that entries vouch for, by the sequence of the entry.
    private func sealedEvents(of page: [AuditRecord], on connection: any Connection) throws -> [Int64: [ExportedEvent]] {
        try page.filter { $0.kind == EventSeal.kind }.reduce(into: [:]) { found, record in
            let seal: EventSeal = try JSON.decode(from: record.body)
            found[record.sequence] = try SealedEvent.between(seal.first, seal.last, of: shard, on: connection)
                .map(ExportedEvent.init)
        }
    }

    /// The checkpoints as NDJSON, to be kept where nobody who can write to the database can.
    package static func ndjson(_ checkpoints: [AuditCheckpoint]) throws(Fault) -> String {
        var text = ""
        for checkpoint in checkpoints { text += try JSON.text(of: checkpoint) + "\n" }
        return text
    }
}

/// An entry as it leaves the database: with the events that it vouches for, whose digest it has.
private struct ExportedRecord: Encodable {
    let record: AuditRecord
    let events: [ExportedEvent]?

    private enum CodingKeys: String, CodingKey { case events }

    func encode(to encoder: any Encoder) throws {
        try record.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(events, forKey: .events)
    }
}

private struct ExportedEvent: Encodable {
    let position: Int64
    let id: String
    let type: String
    let subject: String
    let source: String
    let at: Instant
    let key: String?
    let trace: String?
    let actor: String?
    /// The exact text.
    let data: String

    init(_ sealed: SealedEvent) {
        let event = sealed.event
        (position, id, type, subject, source) = (event.position, event.id, event.type, event.subject, event.source)
        (at, key, trace, actor, data) = (event.time, event.key, event.trace, sealed.actor, event.data)
    }
}
