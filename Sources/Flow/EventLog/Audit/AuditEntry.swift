import Storage
import Vocabulary

/// Something for which somebody can be held to account.
package struct AuditEntry: Hashable, Sendable {
    /// Past tense: `decision.made`, `approval.given`, `action.sent`.
    package let kind: String
    /// What it is about: an identifier of ours.
    package let subject: String
    /// The person or program that did it.
    package let actor: String
    /// The exact text that is hashed and kept.
    package let body: String

    package init(kind: String, subject: String, actor: String, body: some Encodable & Sendable) throws(Fault) {
        self.init(kind: kind, subject: subject, actor: actor, text: try JSON.text(of: body))
    }

    package init(kind: String, subject: String, actor: String, text: String) {
        self.init(kind: kind, subject: subject, actor: actor, text: text, isTraced: true)
    }

    init(kind: String, subject: String, actor: String, text: String, isTraced: Bool) {
        self.kind = kind
        self.subject = subject
        self.actor = actor
        self.body = isTraced ? traced(text, Trace.current) : text
    }
}

/// The body with the trace of the work under way in it, so that the chain vouches for that as well.
func traced(_ body: String, _ trace: String?) -> String {
    guard let trace, body.hasPrefix("{") else { return body }
    let rest = body.dropFirst()
    return "{\"traceparent\":\"\(trace)\"" + (rest == "}" ? "" : ",") + rest
}

/// An entry at its place in the chain.
package struct AuditRecord: Hashable, Sendable, Codable {
    package let shard: Int
    /// Counted from 1 without gaps.
    package let sequence: Int64
    package let at: Instant
    package let kind: String
    package let subject: String
    package let actor: String
    package let body: String
    package let previous: Digest
    package let hash: Digest

    package init(
        shard: Int, sequence: Int64, at: Instant, kind: String, subject: String, actor: String, body: String, previous: Digest,
        hash: Digest
    ) {
        self.shard = shard
        self.sequence = sequence
        self.at = at
        self.kind = kind
        self.subject = subject
        self.actor = actor
        self.body = body
        self.previous = previous
        self.hash = hash
    }

    /// The record that follows `previous` in the chain of `shard`.
    init(_ entry: AuditEntry, shard: Int, sequence: Int64, at now: Instant, previous: Digest) {
        let hash = chainHash(
            shard: shard, sequence: sequence, at: now, kind: entry.kind, subject: entry.subject, actor: entry.actor,
            body: entry.body, previous: previous)
        self.init(
            shard: shard, sequence: sequence, at: now, kind: entry.kind, subject: entry.subject, actor: entry.actor,
            body: entry.body, previous: previous, hash: hash)
    }

    /// The hash that the record's own fields call for.
    var expectedHash: Digest {
        chainHash(
            shard: shard, sequence: sequence, at: at, kind: kind, subject: subject, actor: actor, body: body, previous: previous)
    }

    static var columns: SQL { "shard, sequence, at, kind, subject, actor, body, previous, hash" }

    init(row: Row) throws {
        self.init(
            shard: try row[0], sequence: try row[1], at: try row[2], kind: try row[3], subject: try row[4], actor: try row[5],
            body: try row[6], previous: try row[7], hash: try row[8])
    }
}

/// What the first record of every chain follows.
let chainStart = Digest(rawValue: String(repeating: "0", count: 64))

/// SHA-256 over every field of a record.
///
/// The lengths keep two different records from having the same bytes: `ab`,`c` is not `a`,`bc`.
func chainHash(
    shard: Int, sequence: Int64, at: Instant, kind: String, subject: String, actor: String, body: String, previous: Digest
) -> Digest {
    let fields = [
        "plimsoll.audit.1", String(shard), String(sequence), String(at.microseconds), kind, subject, actor, body,
        previous.rawValue,
    ]
    return Digest(of: lengthPrefixed(fields))
}

/// The fields one after the other, each preceded by its length.
func lengthPrefixed(_ fields: [String]) -> [UInt8] {
    var written = LengthPrefixed(capacity: fields.reduce(0) { $0 + $1.utf8.count + 8 })
    for field in fields { written.add(field) }
    return written.bytes
}

/// Fields one after the other, each preceded by its length in eight bytes, big end first.
struct LengthPrefixed {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func add(_ field: String) {
        addLength(field.utf8.count)
        bytes.append(contentsOf: field.utf8)
    }

    /// Empty when there is none, and otherwise with `=` before it: nothing is not the same as an empty text.
    mutating func add(optional field: String?) {
        guard let field else { return addLength(0) }
        addLength(field.utf8.count + 1)
        bytes.append(UInt8(ascii: "="))
        bytes.append(contentsOf: field.utf8)
    }

    private mutating func addLength(_ length: Int) {
        withUnsafeBytes(of: UInt64(length).bigEndian) { bytes.append(contentsOf: $0) }
    }
}
