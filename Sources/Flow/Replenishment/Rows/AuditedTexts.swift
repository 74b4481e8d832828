import EventLog
import Storage
import Vocabulary

/// What recommendations and decisions say is kept once, in their own tables; the events that tell of them vouch for it.
package let replenishmentTexts: [AuditedText] = [
    AuditedText("recommendation", toldBy: "plimsoll.recommendation.received") { event in
        event.subject
    } digests: { ids, connection in
        let found = try connection.rows("SELECT id, body FROM recommendation WHERE id \(anyOf: ids)") { row in
            (id: try row[0] as String, digest: Digest(of: try row[1] as String))
        }
        return Dictionary(found.map { ($0.id, $0.digest) }) { first, _ in first }
    },
    AuditedText("decision", toldBy: "plimsoll.recommendation.decided") { event in
        try event.decoded(as: DecidedID.self).decision
    } digests: { ids, connection in
        let found = try connection.rows("SELECT id, body, facts FROM decision WHERE id \(anyOf: ids)") { row in
            (id: try row[0] as String, digest: decisionDigest(try row[1], try row[2]))
        }
        return Dictionary(found.map { ($0.id, $0.digest) }) { first, _ in first }
    },
]

private struct DecidedID: Decodable {
    let decision: String
}

/// One digest for a decision and the facts it was made on; neither text has a line feed in it.
func decisionDigest(_ decision: String, _ facts: String) -> Digest {
    Digest(of: decision + "\n" + facts)
}
