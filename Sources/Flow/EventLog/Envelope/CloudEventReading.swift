import Foundation
import Vocabulary

extension CloudEvent {
    /// Reads an envelope that came from outside.
    ///
    /// - Parameter allowedData: whether the data has to be JSON.
    /// - Throws: `input.invalid` with every attribute that is missing or not as CloudEvents 1.0 asks for.
    package init(json bytes: some Collection<UInt8>) throws(Fault) {
        let tree: JSONTree = try JSON.decode(from: bytes)
        var problems: [Violation] = []
        guard let event = CloudEvent(tree, problems: &problems), problems.isEmpty else { throw .invalid(problems) }
        self = event
    }

    /// Reads a batch: what is wrong with one event keeps no other from being read.
    ///
    /// - Returns: the good events and the violations of the others, both with their row, counted from 1.
    /// - Throws: `input.invalid` when the whole is not a JSON list.
    package static func batch(
        json bytes: some Collection<UInt8>
    ) throws(Fault) -> (events: [(row: Int, event: CloudEvent)], refused: [Violation]) {
        let trees: [JSONTree] = try JSON.decode(from: bytes)
        var events: [(row: Int, event: CloudEvent)] = []
        var refused: [Violation] = []
        for (index, tree) in trees.enumerated() {
            var problems: [Violation] = []
            if let event = CloudEvent(tree, problems: &problems), problems.isEmpty {
                events.append((index + 1, event))
            } else {
                refused += problems.map { Violation($0.field, found: $0.found, expected: $0.expected, row: index + 1) }
            }
        }
        return (events, refused)
    }

    /// - Returns: nil when a required attribute is not there; `problems` then says which.
    private init?(_ tree: JSONTree, problems: inout [Violation]) {
        guard case .object(let entries) = tree else {
            problems.append(Violation("body", found: tree.kind, expected: "an object with the attributes of a CloudEvent"))
            return nil
        }
        // The JSON format allows null for an attribute that is not set; data may well be null.
        var attributes = AttributeReader(entries.filter { $0.key == "data" || $0.value != .null })
        attributes.check("specversion", "\"1.0\"") { $0 == "1.0" }
        let id = attributes.required("id")
        let source = attributes.required("source")
        if let source, let complaint = sourceComplaint(about: source) { attributes.refuse("source", complaint) }
        let type = attributes.required("type")
        let subject = attributes.optional("subject")
        let time = attributes.optional("time").flatMap { text -> Instant? in
            if let time = try? Instant(parsing: text, field: "time") { return time }
            attributes.refuse("time", "an RFC 3339 instant such as 2026-11-23T20:36:00Z")
            return nil
        }
        let contentType = attributes.optional("datacontenttype")
        let schema = attributes.optional("dataschema")
        if let schema, URL(string: schema)?.scheme == nil { attributes.refuse("dataschema", "an absolute URI") }
        let data = attributes.payload()
        let extensions = attributes.extensions()
        problems += attributes.problems
        guard let id, let source, let type else { return nil }
        self.init(
            id: id, source: source, type: type, subject: subject, time: time, dataContentType: contentType, dataSchema: schema,
            data: data, extensions: extensions)
    }
}

/// Takes attributes out of an envelope and notes what is wrong with them.
private struct AttributeReader {
    let entries: [String: JSONTree]
    var problems: [Violation] = []

    init(_ entries: [String: JSONTree]) { self.entries = entries }

    mutating func refuse(_ name: String, _ expected: String) {
        problems.append(Violation(name, found: entries[name]?.kind, expected: expected))
    }

    mutating func check(_ name: String, _ expected: String, _ isRight: (String) -> Bool) {
        if case .string(let text) = entries[name], isRight(text) { return }
        refuse(name, expected)
    }

    mutating func required(_ name: String) -> String? {
        guard entries[name] != nil else {
            refuse(name, "a text that is not empty")
            return nil
        }
        return optional(name)
    }

    mutating func optional(_ name: String) -> String? {
        guard let value = entries[name] else { return nil }
        guard case .string(let text) = value else {
            refuse(name, "a text")
            return nil
        }
        guard let complaint = attributeComplaint(about: text) else { return text }
        refuse(name, complaint)
        return nil
    }

    mutating func payload() -> CloudEvent.Payload {
        switch (entries["data"], entries["data_base64"]) {
        case (nil, nil): return .none
        case (.some, .some):
            refuse("data_base64", "either data or data_base64, not both")
            return .none
        case (let tree?, nil):
            if let text = try? JSON.text(of: tree) { return .json(text) }
            refuse("data", "JSON whose numbers have at most 38 digits")
            return .none
        case (nil, let encoded?):
            if case .string(let text) = encoded, let bytes = Data(base64Encoded: text) { return .bytes(Array(bytes)) }
            refuse("data_base64", "bytes in base64")
            return .none
        }
    }

    mutating func extensions() -> [String: CloudEvent.Attribute] {
        var found: [String: CloudEvent.Attribute] = [:]
        for (name, tree) in entries.sorted(by: { $0.key < $1.key }) where !CloudEvent.reserved.contains(name) {
            let isNamedWell = !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
            if !isNamedWell {
                problems.append(
                    Violation(name, found: tree.kind, expected: "an attribute named with lower-case letters and digits only"))
            } else if let value = CloudEvent.Attribute(tree) {
                found[name] = value
            } else {
                refuse(name, "a text, a whole number of 32 bits, true or false")
            }
        }
        return found
    }
}
