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
        let page = try await database.read { connection in
            try connection.rows(
                """
                SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND sequence > \(sequence)
                ORDER BY sequence LIMIT \(AuditVerifier.page)
                """, AuditRecord.init(row:))
        }
        guard let end = page.last else { return nil }
        return (try page.map { try JSON.text(of: $0) + "\n" }.joined(), end.sequence)
    }

    /// The checkpoints as NDJSON, to be kept where nobody who can write to the database can.
    package static func ndjson(_ checkpoints: [AuditCheckpoint]) throws(Fault) -> String {
        var text = ""
        for checkpoint in checkpoints { text += try JSON.text(of: checkpoint) + "\n" }
        return text
    }
}
