import struct Crypto.SHA256
import struct Crypto.SHA256Digest
import Foundation
import Storage
import Vocabulary

/// What one entry of the audit chain says about the events that its transaction told: which they are, and their digest.
///
/// So every event of the flow is in the chain without being written twice.
struct EventSeal: Codable, Hashable, Sendable {
    /// SHA-256 over the digests of the events, in their order.
    let digest: Digest
    /// The positions of the first event and of the last.
    let first: Int64
    let last: Int64
    /// The beginnings of the events' digests, eight characters each: which one was changed.
    let marks: String

    /// The kind of the entries that hold one.
    static let kind = "events.sealed"
    /// Who makes them; an event says itself whose deed it tells.
    static let actor = "plimsoll"
    static let markLength = 8

    /// - Precondition: there are events, and their positions follow each other.
    init(of events: [SealedEvent]) {
        let digests = events.map(\.digest)
        var whole = SHA256()
        for digest in digests { digest.withUnsafeBytes { whole.update(bufferPointer: $0) } }
        digest = Digest(rawValue: hexadecimal(whole.finalize()))
        first = events.first?.event.position ?? 0
        last = events.last?.event.position ?? -1
        marks = digests.map { Data($0.prefix(6)).base64EncodedString() }.joined()
    }

    var entry: AuditEntry {
        get throws {
            let body = try JSON.object { json in
                json.add("digest", digest)
                json.add("first", first)
                json.add("last", last)
                json.add("marks", marks)
            }
            return AuditEntry(kind: Self.kind, subject: "events-\(first)", actor: Self.actor, text: body, isTraced: false)
        }
    }

    /// The first of `events` that is not what was sealed; nil when all are.
    func firstChange(in events: [SealedEvent]) -> Int64? {
        let found = EventSeal(of: events)
        guard found != self else { return nil }
        for (offset, event) in events.enumerated() {
            let start = offset * Self.markLength
            guard event.event.position == first + Int64(offset) else { return first + Int64(offset) }
            guard found.marks.dropFirst(start).prefix(Self.markLength) == marks.dropFirst(start).prefix(Self.markLength) else {
                return event.event.position
            }
        }
        return first + Int64(events.count)
    }
}

/// An event with whose deed it tells, as the audit chain vouches for it.
struct SealedEvent: Sendable, Hashable {
    let event: Event
    let actor: String?

    /// Over every field of it.
    var digest: SHA256Digest {
        var fields = LengthPrefixed(capacity: 400 + event.data.utf8.count)
        fields.add("plimsoll.audit.event.1")
        for number in [Int64(event.shard), event.position] { fields.add(String(number)) }
        for text in [event.id, event.type, event.subject, event.source] { fields.add(text) }
        fields.add(String(event.time.microseconds))
        for text in [event.key, event.trace, actor] { fields.add(optional: text) }
        fields.add(event.data)
        return SHA256.hash(data: fields.bytes)
    }
}

extension SealedEvent {
    static var columns: SQL { "\(Event.columns), event.actor" }

    init(row: Row) throws {
        self.init(event: try Event(row: row), actor: try row[10])
    }
}

extension AuditRecord {
    /// What the chain says of the deed that an event tells, where `seal` vouches for it.
    init(_ told: SealedEvent, sealedBy seal: (sequence: Int64, previous: Digest, hash: Digest)) {
        let event = told.event
        let kind = event.type.hasPrefix("plimsoll.") ? String(event.type.dropFirst("plimsoll.".count)) : event.type
        self.init(
            shard: event.shard, sequence: seal.sequence, at: event.time, kind: kind, subject: event.subject,
            actor: told.actor ?? EventSeal.actor, body: traced(event.data, event.trace), previous: seal.previous, hash: seal.hash)
    }
}
