import Foundation
import Vocabulary

/// An event as systems tell it to each other: CloudEvents 1.0.2, JSON format, structured mode.
package struct CloudEvent: Hashable, Sendable {
    package static let mediaType = "application/cloudevents+json"
    package static let batchMediaType = "application/cloudevents-batch+json"

    package var id: String
    /// A URI reference; `source` and `id` together are unique.
    package var source: String
    package var type: String
    package var subject: String?
    package var time: Instant?
    package var dataContentType: String?
    /// An absolute URI.
    package var dataSchema: String?
    package var data: Payload
    /// Further attributes by their names, which are lower-case letters and digits.
    package var extensions: [String: Attribute]

    package enum Payload: Hashable, Sendable {
        case none
        /// Canonical JSON.
        case json(String)
        case bytes([UInt8])
    }

    package enum Attribute: Hashable, Sendable {
        case string(String)
        case integer(Int32)
        case boolean(Bool)
    }

    package init(
        id: String, source: String, type: String, subject: String? = nil, time: Instant? = nil, dataContentType: String? = nil,
        dataSchema: String? = nil, data: Payload = .none, extensions: [String: Attribute] = [:]
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.dataContentType = dataContentType
        self.dataSchema = dataSchema
        self.data = data
        self.extensions = extensions
    }

    /// An event of the log, with its place in it as the extension `sequence`, its key as `partitionkey` and its
    /// trace as `traceparent`.
    package init(_ event: Event) {
        var extensions: [String: Attribute] = ["sequence": .string(String(event.position))]
        if let key = event.key { extensions["partitionkey"] = .string(key) }
        if let trace = event.trace { extensions["traceparent"] = .string(trace) }
        self.init(
            id: event.id, source: event.source, type: event.type, subject: event.subject, time: event.time,
            dataContentType: "application/json", data: .json(event.data), extensions: extensions)
    }

    /// The names that are not free for extensions.
    static let reserved: Set<String> = [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data", "data_base64",
    ]

    /// The envelope in canonical JSON, with the data in it as it is stored, byte for byte.
    package var json: String {
        get throws(Fault) {
            var attributes: [String: JSONTree] = [
                "specversion": .string("1.0"), "id": .string(id), "source": .string(source), "type": .string(type),
            ]
            let optional = [
                "subject": subject, "time": time?.description, "datacontenttype": dataContentType, "dataschema": dataSchema,
            ]
            for (name, value) in optional { attributes[name] = value.map(JSONTree.string) }
            for (name, value) in extensions { attributes[name] = value.tree }
            if case .bytes(let bytes) = data { attributes["data_base64"] = .string(Data(bytes).base64EncodedString()) }
            let text = try JSON.text(of: attributes)
            guard case .json(let data) = data else { return text }
            return "{\"data\":\(data)," + text.dropFirst()
        }
    }
}

extension CloudEvent.Attribute {
    var tree: JSONTree {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .number(Decimal(number))
        case .boolean(let value): .boolean(value)
        }
    }

    init?(_ tree: JSONTree) {
        switch tree {
        case .string(let text): self = .string(text)
        case .boolean(let value): self = .boolean(value)
        case .number(let number):
            guard let whole = Int32("\(number)") else { return nil }
            self = .integer(whole)
        case .null, .list, .object: return nil
        }
    }
}

extension Event {
    /// The event in its envelope, as canonical JSON.
    package var cloudEvent: String {
        get throws(Fault) { try CloudEvent(self).json }
    }
}
