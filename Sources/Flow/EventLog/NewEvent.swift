import Vocabulary

/// Something that has just happened and is to be told to whoever listens.
///
/// The data becomes its canonical JSON text here, once: what is stored is what was meant, byte for byte.
package struct NewEvent: Hashable, Sendable {
    /// Past tense, as `plimsoll.recommendation.received`.
    package let type: String
    /// What it happened to: the events of one subject are delivered in order.
    package let subject: String
    /// Who observed it, as a URI reference: `/systems/erpEast`.
    package let source: String
    /// By which a broker groups events that must stay in order, CloudEvents' `partitionkey`.
    package let key: String?
    /// The W3C `traceparent` of the work that it happened in.
    package let trace: String?
    /// Canonical JSON.
    package let data: String
    /// The person or program whose deed it tells, where somebody can be held to account for it.
    package let actor: String?

    /// - Throws: `input.invalid` naming the attribute that CloudEvents would not accept, `plimsoll.defect` when
    ///   `data` cannot be written as JSON.
    package init(
        type: String, subject: String, data: some Encodable & Sendable, source: String, key: String? = nil,
        trace: String? = Trace.current, actor: String? = nil
    ) throws(Fault) {
        try self.init(
            type: type, subject: subject, text: try JSON.text(of: data), source: source, key: key, trace: trace, actor: actor)
    }

    /// The same with the data as canonical JSON that was written before.
    ///
    /// - Throws: `input.invalid` naming the attribute that CloudEvents would not accept.
    package init(
        type: String, subject: String, text: String, source: String, key: String? = nil, trace: String? = Trace.current,
        actor: String? = nil
    ) throws(Fault) {
        let attributes = [("type", type), ("subject", subject), ("source", source)]
        var violations = attributes.compactMap { name, value in
            attributeComplaint(about: value).map { Violation(name, found: value, expected: $0) }
        }
        if let complaint = sourceComplaint(about: source) {
            violations.append(Violation("source", found: source, expected: complaint))
        }
        if let key, let complaint = attributeComplaint(about: key) {
            violations.append(Violation("key", found: key, expected: complaint))
        }
        guard violations.isEmpty else { throw .invalid(violations) }
        self.type = type
        self.subject = subject
        self.source = source
        self.key = key
        self.trace = trace
        self.actor = actor
        data = text
    }
}

/// What keeps `text` from being an attribute of a CloudEvent; nil when nothing does.
///
/// CloudEvents 1.0.2, "Type System": no control characters; required attributes are not empty.
func attributeComplaint(about text: String) -> String? {
    if text.isEmpty { return "a text that is not empty" }
    if text.utf8.count > 1024 { return "at most 1024 bytes" }
    // Nearly all are plain ASCII, whose control characters show without a look into Unicode's tables.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return nil }
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { return "no control characters" }
    return nil
}

/// What keeps `text` from being a URI reference (RFC 3986); nil when nothing does.
func sourceComplaint(about text: String) -> String? {
    let refused = Set("<>\"{}|\\^` ".utf8)
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !refused.contains($0) }) else {
        return "a URI reference such as /systems/erpEast: ASCII without spaces"
    }
    return nil
}
