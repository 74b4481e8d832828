import Storage
import Vocabulary

/// A signed statement: at that moment the chain of this shard had come so far, with this hash.
///
/// Kept somewhere else than the database, it is what a chain rewritten from the start cannot match.
package struct AuditCheckpoint: Hashable, Sendable, Codable {
    package let shard: Int
    package let sequence: Int64
    package let hash: Digest
    package let at: Instant
    package let keyID: String
    /// Ed25519, in base64.
    package let signature: String

    /// - Throws: `plimsoll.defect` when the key cannot sign.
    package init(shard: Int, sequence: Int64, hash: Digest, at: Instant, signedBy key: AuditSigningKey) throws(Fault) {
        let keyID = key.publicKey.id
        let signed = signedBytes(shard: shard, sequence: sequence, hash: hash, at: at, keyID: keyID)
        self.shard = shard
        self.sequence = sequence
        self.hash = hash
        self.at = at
        self.keyID = keyID
        self.signature = try key.signature(of: signed)
    }

    package func isSigned(by key: AuditPublicKey) -> Bool {
        key.accepts(signature, of: signedBytes(shard: shard, sequence: sequence, hash: hash, at: at, keyID: keyID))
    }

    /// Reads checkpoints that were exported, one JSON object a line.
    ///
    /// - Throws: `input.invalid` naming the line.
    package static func reading(ndjson text: String) throws(Fault) -> [AuditCheckpoint] {
        var checkpoints: [AuditCheckpoint] = []
        var problems: [Violation] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy(\.isWhitespace) { continue }
            do {
                checkpoints.append(try JSON.decode(from: line.utf8))
            } catch {
                problems += error.violations.map {
                    Violation($0.field, found: $0.found, expected: $0.expected, row: index + 1)
                }
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return checkpoints
    }

    init(row: Row) throws {
        shard = try row[0]
        sequence = try row[1]
        hash = try row[2]
        at = try row[3]
        keyID = try row[4]
        signature = try row[5]
    }
}

private func signedBytes(shard: Int, sequence: Int64, hash: Digest, at: Instant, keyID: String) -> [UInt8] {
    lengthPrefixed([
        "plimsoll.audit.checkpoint.1", String(shard), String(sequence), hash.rawValue, String(at.microseconds), keyID,
    ])
}

extension AuditLog {
    /// Signs where the chain stands, and keeps the checkpoint beside it; whoever calls takes it off the machine as well.
    ///
    /// - Returns: nil when nothing was added since the last one.
    package func checkpoint(
        signedBy key: AuditSigningKey, on connection: any Connection, at now: Instant
    ) throws -> AuditCheckpoint? {
        let head = try connection.first("SELECT sequence, hash FROM audit_head WHERE shard = \(shard) \(.forUpdate)") { row in
            (sequence: try row[0] as Int64, hash: try row[1] as Digest)
        }
        let last: Int64? = try connection.value(
            "SELECT sequence FROM audit_checkpoint WHERE shard = \(shard) ORDER BY sequence DESC LIMIT 1")
        guard let head, head.sequence > last ?? 0 else { return nil }
        let checkpoint = try AuditCheckpoint(shard: shard, sequence: head.sequence, hash: head.hash, at: now, signedBy: key)
        try connection.run(
            """
            INSERT INTO audit_checkpoint (shard, sequence, hash, at, key_id, signature)
            VALUES (\(checkpoint.shard), \(checkpoint.sequence), \(checkpoint.hash), \(checkpoint.at), \(checkpoint.keyID),
                    \(checkpoint.signature))
            """)
        return checkpoint
    }

    /// The checkpoints that are kept beside the chain, oldest first.
    package func checkpoints(on connection: any Connection) throws -> [AuditCheckpoint] {
        try connection.rows(
            """
            SELECT shard, sequence, hash, at, key_id, signature FROM audit_checkpoint WHERE shard = \(shard) ORDER BY sequence
            """, AuditCheckpoint.init(row:))
    }
}
