import Storage

/// What the database holds in the end: where every row stands, and the hash of the audit chain.
func fingerprint(of connection: any Connection) throws -> String {
    let rows = try connection.rows("SELECT id, state, attempts, failures FROM replenishment ORDER BY id") { row in
        "\(try row[0] as String) \(try row[1] as String) \(try row[2] as Int64) \(try row[3] as Int64)"
    }
    let heads = try connection.rows("SELECT shard, sequence, hash FROM audit_head ORDER BY shard") { row in
        "\(try row[0] as Int64) \(try row[1] as Int64) \(try row[2] as String)"
    }
    return (rows + heads).joined(separator: "\n")
}
