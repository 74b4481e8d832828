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
        while true {
            try Task.checkCancellation()
            let after = last
            let page = try await database.read { connection in
                try connection.rows(
                    """
                    SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND sequence > \(after)
                    ORDER BY sequence LIMIT \(AuditVerifier.page)
                    """, AuditRecord.init(row:))
            }
            guard let end = page.last else { return last }
            try await write(try page.map { try JSON.text(of: $0) + "\n" }.joined())
            last = end.sequence
        }
    }

    /// Some records of the chain in their order, for a reader that takes them page by page.
    ///
    /// - Parameter sequence: of the last record that the reader has.
    package func records(after sequence: Int64, limit: Int, on connection: any Connection) throws -> [AuditRecord] {
        try connection.rows(
            """
            SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND sequence > \(sequence)
            ORDER BY sequence LIMIT \(limit)
            """, AuditRecord.init(row:))
    }

    /// The checkpoints as NDJSON, to be kept where nobody who can write to the database can.
    package static func ndjson(_ checkpoints: [AuditCheckpoint]) throws(Fault) -> String {
        var text = ""
        for checkpoint in checkpoints { text += try JSON.text(of: checkpoint) + "\n" }
        return text
    }
}
