import Hummingbird
import NIOCore
import Vocabulary

/// One page of a feed.
struct FeedPage<Record: ERPRecord>: Encodable {
    let records: [Record]
    /// The position behind the last row given so far; give it back as `cursor` for what comes after.
    let cursor: String?
    /// Whether there are rows behind `cursor` now.
    let more: Bool
}

struct Refusal: Codable {
    let error: String
    let message: String
    let violations: [Violation]
}

struct DocumentList: Encodable {
    let documents: [ERPDocument]
}

struct LedgerAnswer: Encodable {
    let totals: Ledger.Totals
    /// References with more than one effect.
    let duplicates: [String]
    let references: [String: Ledger.Entry]
}

struct SnapshotName: Codable {
    let snapshot: String
}

struct CompanySummary: Encodable {
    let company: String
    let version: String
    let now: Instant
    let today: BusinessDate
    let seed: UInt64
    let deduplicate: Bool
}

func jsonResponse(_ status: HTTPResponse.Status, _ value: some Encodable) -> Response {
    do {
        let bytes = try JSON.bytes(of: value)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    } catch {
        return Response(
            status: .internalServerError, headers: [.contentType: "text/plain"],
            body: .init(byteBuffer: ByteBuffer(string: error.message)))
    }
}

func refusal(_ fault: Fault) -> Response {
    let status: HTTPResponse.Status =
        switch fault.code {
        case .notFound: .notFound
        case .conflict: .conflict
        case .staleVersion: .preconditionFailed
        case .invalidInput, .overflow: .unprocessableContent
        default: .internalServerError
        }
    return jsonResponse(
        status, Refusal(error: fault.code.name, message: fault.message, violations: fault.violations))
}

extension Request {
    /// The whole body read as JSON.
    ///
    /// - Throws: `input.invalid` naming the field, also for a body above one mebibyte.
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) async throws -> Value {
        let buffer = try await body.collect(upTo: 1 << 20)
        return try JSON.decode(type, from: buffer.readableBytesView)
    }
}
