import Storage
import Vocabulary

/// A text that is kept once, in a table of its own, and that events of one type vouch for: their data has its digest in the
/// field `digest`.
package struct AuditedText: Sendable {
    /// Of the events.
    let type: String
    /// What the text is, for people: `decision`.
    let name: String
    let key: @Sendable (Event) throws -> String
    let digests: @Sendable (_ keys: [String], _ connection: any Connection) throws -> [String: Digest]

    /// - Parameters:
    ///   - key: by which the text is found.
    ///   - digests: those of the texts as they are stored now; one that is gone is left out.
    package init(
        _ name: String, toldBy type: String, key: @escaping @Sendable (Event) throws -> String,
        digests: @escaping @Sendable (_ keys: [String], _ connection: any Connection) throws -> [String: Digest]
    ) {
        self.type = type
        self.name = name
        self.key = key
        self.digests = digests
    }

    private struct Told: Decodable {
        let digest: Digest
    }

    /// The first of the events whose text is not the one it tells of, with the name of the text.
    func firstChange(in events: [SealedEvent], on connection: any Connection) throws -> (position: Int64, text: String)? {
        var telling: [(event: Event, key: String, digest: Digest)] = []
        for event in events.map(\.event) where event.type == type {
            let told: Told = try event.decoded()
            telling.append((event, try key(event), told.digest))
        }
        guard !telling.isEmpty else { return nil }
        let stored = try digests(telling.map(\.key), connection)
        return telling.first { stored[$0.key] != $0.digest }.map { ($0.event.position, "\(name) \($0.key)") }
    }
}

/// The events of one shard followed from seal to seal.
struct SealedWalk: Sendable {
    let shard: Int
    let texts: [AuditedText]
    /// The position of the last event that was looked at.
    private var reached: Int64 = 0

    init(shard: Int, texts: [AuditedText]) {
        self.shard = shard
        self.texts = texts
    }

    /// Looks at what the rows vouch for that the chain's walk has found sound since the last time.
    mutating func follow(_ walk: inout ChainWalk, in database: any Database) async throws {
        let seals = walk.seals
        walk.forgetSeals()
        for (sequence, seal) in seals {
            let (shard, texts, after) = (shard, texts, reached)
            let trouble = try await database.read { connection in
                try findTrouble(with: seal, sequence, after: after, shard: shard, texts: texts, on: connection)
            }
            if let trouble { return walk.find(sequence, trouble) }
            reached = seal.last
        }
    }

    /// Looks for events behind the last seal that say that one of the rows seen vouches for them.
    func end(_ walk: inout ChainWalk, in database: any Database) async throws {
        guard reached > 0, walk.finding == nil else { return }
        let (shard, after, sequence) = (shard, reached, walk.reached)
        let stray = try await database.read { connection in
            try connection.value(
                "SELECT MIN(position) FROM event WHERE shard = \(shard) AND position > \(after) AND seal <= \(sequence)",
                as: Int64?.self) ?? nil
        }
        if let stray { walk.find(sequence, .eventStray(stray)) }
    }
}

private func findTrouble(
    with seal: EventSeal, _ sequence: Int64, after reached: Int64, shard: Int, texts: [AuditedText],
    on connection: any Connection
) throws -> AuditFinding.Trouble? {
    if let stray = try SealedEvent.claimingSeal(after: reached, before: seal.first, of: shard, on: connection) {
        return .eventStray(stray)
    }
    let events = try SealedEvent.between(seal.first, seal.last, of: shard, on: connection)
    if let position = seal.firstChange(in: events) { return .eventChanged(position) }
    if let stray = try SealedEvent.naming(otherThan: sequence, in: seal, of: shard, on: connection) {
        return .eventChanged(stray)
    }
    for text in texts {
        guard let change = try text.firstChange(in: events, on: connection) else { continue }
        return .textChanged(change.text, event: change.position)
    }
    return nil
}

extension SealedEvent {
    static func between(_ first: Int64, _ last: Int64, of shard: Int, on connection: any Connection) throws -> [SealedEvent] {
        try connection.rows(
            """
            SELECT \(columns) FROM event WHERE event.shard = \(shard) AND event.position >= \(first)
                AND event.position <= \(last) ORDER BY event.shard, event.position
            """, SealedEvent.init(row:))
    }

    /// The first event between two seals that says it is sealed.
    fileprivate static func claimingSeal(
        after reached: Int64, before first: Int64, of shard: Int, on connection: any Connection
    ) throws -> Int64? {
        guard first - reached > 1 else { return nil }
        return try connection.value(
            """
            SELECT MIN(position) FROM event WHERE shard = \(shard) AND position > \(reached) AND position < \(first)
                AND seal IS NOT NULL
            """, as: Int64?.self) ?? nil
    }

    /// The first event under a seal that names another one.
    fileprivate static func naming(
        otherThan sequence: Int64, in seal: EventSeal, of shard: Int, on connection: any Connection
    ) throws -> Int64? {
        try connection.value(
            """
            SELECT MIN(position) FROM event WHERE shard = \(shard) AND position >= \(seal.first) AND position <= \(seal.last)
                AND COALESCE(seal, -1) <> \(sequence)
            """, as: Int64?.self) ?? nil
    }
}
