import Foundation
import Vocabulary

/// One request and what came of it, as a line of a recording.
struct RecordedExchange: Codable, Sendable {
    struct Header: Codable, Sendable {
        let name: String
        let value: String
    }

    struct Request: Codable, Sendable {
        let method: String
        let url: String
        let headers: [Header]
        let body: RecordedBody
    }

    struct Response: Codable, Sendable {
        let status: Int
        let headers: [Header]
        let body: RecordedBody
    }

    let request: Request
    let response: Response?
    let notSent: String?
    let noAnswer: String?

    init(_ request: WireRequest, _ result: Result<WireResponse, WireFailure>, removing secrets: SecretRemoval) {
        self.request = Request(
            method: request.method, url: secrets.clean(request.url), headers: secrets.clean(request.headers),
            body: RecordedBody(secrets.clean(request.body)))
        switch result {
        case .success(let response):
            self.response = Response(
                status: response.status, headers: secrets.clean(response.headers),
                body: RecordedBody(secrets.clean(response.body)))
            (notSent, noAnswer) = (nil, nil)
        case .failure(.notSent(let reason)), .failure(.heldBack(let reason, _)):
            (response, notSent, noAnswer) = (nil, secrets.clean(reason), nil)
        case .failure(.noAnswer(let reason)): (response, notSent, noAnswer) = (nil, nil, secrets.clean(reason))
        }
    }

    /// What a request is recognised by.
    var key: String {
        get throws(Fault) { RecordedExchange.key(method: request.method, url: request.url, body: try request.body.bytes) }
    }

    static func key(method: String, url: String, body: [UInt8]) -> String {
        "\(method) \(url) \(Digest(of: body))"
    }

    func answer() throws(WireFailure) -> WireResponse {
        if let notSent { throw .notSent(notSent) }
        guard let response else { throw .noAnswer(noAnswer ?? "nothing was recorded") }
        do {
            return WireResponse(
                status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: try response.body.bytes)
        } catch {
            throw .notSent(error.message)
        }
    }
}

/// A body as text where it is text, so that a recording can be read and reviewed.
struct RecordedBody: Codable, Sendable {
    private let text: String?
    private let base64: String?

    init(_ bytes: [UInt8]) {
        text = String(validating: bytes, as: UTF8.self)
        base64 = text == nil ? Data(bytes).base64EncodedString() : nil
    }

    var bytes: [UInt8] {
        get throws(Fault) {
            if let text { return Array(text.utf8) }
            guard let base64, let data = Data(base64Encoded: base64) else {
                throw .invalid("body", found: base64, expected: "text or base64")
            }
            return Array(data)
        }
    }
}
