import Storage
import Vocabulary

/// Reads every chain of a database from its first row, some hundred rows at a time, and compares.
package struct AuditVerifier: Sendable {
    /// Rows that are in memory at once.
    static let page = 500

    let database: any Database
    private let texts: [AuditedText]

    /// - Parameter texts: those that events vouch for by their digests; others are not looked at.
    package init(_ database: any Database, texts: [AuditedText] = []) {
        self.database = database
        self.texts = texts
    }

    /// - Parameters:
    ///   - checkpoints: those kept off the database; the ones in it only add to them.
    ///   - publicKey: of the key that signed them.
    package func verify(
        checkpoints: [AuditCheckpoint], publicKey: AuditPublicKey
    ) async throws -> AuditVerification {
        let inside = try await database.read { connection in
            try storedShards(on: connection).flatMap { try AuditLog(shard: $0).checkpoints(on: connection) }
        }
        let all = checkpoints + inside.filter { !checkpoints.contains($0) }
        let believed = all.filter { $0.isSigned(by: publicKey) }
        var findings = all.filter { !believed.contains($0) }.map {
            AuditFinding(shard: $0.shard, sequence: $0.sequence, trouble: .checkpointNotSigned)
        }
        let stored = try await database.read { connection in try storedShards(on: connection) }
        let shards = Set(stored + believed.map(\.shard)).sorted()
        var rows: Int64 = 0
        for shard in shards {
            var walk = ChainWalk(shard: shard, shards: shards, checkpoints: believed.filter { $0.shard == shard })
            try await follow(&walk)
            rows += walk.rows
            if let finding = walk.finding { findings.append(finding) }
        }
        return AuditVerification(findings: findings, rows: rows, checkpoints: believed.count)
    }

    private func storedShards(on connection: any Connection) throws -> [Int] {
        try connection.values(
            """
            SELECT shard FROM audit_head UNION SELECT shard FROM audit_entry UNION SELECT shard FROM audit_checkpoint
            ORDER BY shard
            """)
    }

    private func follow(_ walk: inout ChainWalk) async throws {
        let shard = walk.shard
        var last = Int64.min
        var sealed = SealedWalk(shard: shard, texts: texts)
        while walk.finding == nil {
            try Task.checkCancellation()
            let after = last
            let page = try await database.read { connection in
                try readPage(of: shard, after: after, on: connection)
            }
            for row in page where walk.finding == nil { walk.take(row) }
            try await sealed.follow(&walk, in: database)
            guard let end = page.last, page.count == AuditVerifier.page else { break }
            last = end.sequence
        }
        guard walk.finding == nil else { return }
        // What is appended meanwhile makes the head later than the rows read: then the rest is read as well.
        let (head, rest) = try await database.read { [reached = walk.reached] connection in
            let head = try connection.first("SELECT sequence, hash FROM audit_head WHERE shard = \(shard)") { row in
                (sequence: try row[0] as Int64, hash: try row[1] as Digest)
            }
            return (head, try readPage(of: shard, after: reached, on: connection))
        }
        for row in rest where walk.finding == nil { walk.take(row) }
        try await sealed.follow(&walk, in: database)
        try await sealed.end(&walk, in: database)
        walk.end(headSequence: head?.sequence, headHash: head?.hash, isPageFull: rest.count == AuditVerifier.page)
    }

    private func readPage(of shard: Int, after sequence: Int64, on connection: any Connection) throws -> [ChainRow] {
        try connection.rows(
            """
            SELECT \(AuditRecord.columns) FROM audit_entry WHERE shard = \(shard) AND sequence > \(sequence)
            ORDER BY shard, sequence LIMIT \(AuditVerifier.page)
            """
        ) { row in
            let sequence: Int64 = try row[1]
            do {
                return .record(try AuditRecord(row: row))
            } catch {
                return .unreadable(sequence, (error as? Fault)?.message ?? "\(error)")
            }
        }
    }
}

/// A row as it was found.
enum ChainRow: Sendable {
    case record(AuditRecord)
    case unreadable(Int64, String)

    var sequence: Int64 {
        switch self {
        case .record(let record): record.sequence
        case .unreadable(let sequence, _): sequence
        }
    }
}
