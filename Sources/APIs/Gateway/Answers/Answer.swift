import HTTPTypes
import Hummingbird
import NIOCore
import Vocabulary

/// One page of a list: `{"items": [...], "next": "..."}` with the list under its own name.
package struct ListPage<Entry: Encodable & Sendable>: Encodable, Sendable {
    package let name: String
    package let entries: [Entry]
    /// Give it back as `after` for what follows; missing on the last page.
    package let next: String?

    package init(_ name: String, _ entries: [Entry], next: String? = nil) {
        self.name = name
        self.entries = entries
        self.next = next
    }

    /// - Parameters:
    ///   - entries: at most `limit`; as many as that means that there may be more.
    ///   - cursor: the place of an entry in the order of the list.
    package init(_ name: String, _ entries: [Entry], limit: Int, cursor: (Entry) -> String) {
        self.init(name, entries, next: entries.count < limit ? nil : entries.last.map(cursor))
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(entries, forKey: Key(stringValue: name))
        try fields.encodeIfPresent(next, forKey: Key(stringValue: "next"))
    }
}

extension Response {
    /// - Throws: `plimsoll.defect` when `value` cannot be written as JSON.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json", headers: HTTPFields = [:]
    ) throws(Fault) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try JSON.bytes(of: value))))
    }

    package static func text(_ text: String, type: String, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// The answer that tells of a fault.
    static func problem(_ fault: Fault, requestID: String) -> Response {
        let problem = Problem(fault, requestID: requestID)
        var headers: HTTPFields = [.contentType: Problem.mediaType]
        if let after = fault.retryAfter { headers[.retryAfter] = String(max(1, Int(after.inSeconds.rounded(.up)))) }
        if problem.status == 401 { headers[.wwwAuthenticate] = "Bearer realm=\"plimsoll\"" }
        let body = (try? JSON.bytes(of: problem)) ?? []
        return Response(status: .init(code: problem.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension HTTPResponse.Status {
    /// Some rows of a batch were taken and some refused: the body says which.
    package static let multiStatus = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")
}
