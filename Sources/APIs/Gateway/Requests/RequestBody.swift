import HTTPTypes
import Hummingbird
import NIOCore
import Vocabulary

extension Request {
    /// The whole body, at most as long as the route takes.
    ///
    /// - Throws: `gateway.bodyTooLarge`.
    package func bytes(_ context: GatewayContext) async throws -> [UInt8] {
        do {
            let buffer = try await body.collect(upTo: context.bodyLimit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Fault.bodyTooLarge(context.bodyLimit)
        }
    }

    /// The body as one JSON value; every key in it is one that `Value` knows.
    ///
    /// - Throws: `gateway.malformedBody`, `gateway.bodyTooLarge`, `gateway.unsupportedMediaType`, `input.invalid`.
    package func decoded<Value: Codable>(_ type: Value.Type = Value.self, _ context: GatewayContext) async throws -> Value {
        try requireMediaType("application/json")
        let bytes = try await bytes(context)
        return try decodeStrictly(type, from: bytes, shape: JSONShape(reading: bytes, nesting: context.nesting))
    }

    /// The same for a route whose body may be left out.
    package func decodedIfPresent<Value: Codable>(
        _ type: Value.Type = Value.self, _ context: GatewayContext
    ) async throws -> Value? {
        let bytes = try await bytes(context)
        guard bytes.contains(where: { $0 > 0x20 }) else { return nil }
        try requireMediaType("application/json")
        return try decodeStrictly(type, from: bytes, shape: JSONShape(reading: bytes, nesting: context.nesting))
    }

    /// The media type without its parameters, in lower case.
    package var mediaType: String? {
        headers[.contentType].map { type in
            let end = type.firstIndex(of: ";") ?? type.endIndex
            return String(type[..<end].filter { $0 != " " }).lowercased()
        }
    }

    package func requireMediaType(_ expected: String) throws(Fault) {
        // A caller that names none means what the route reads.
        guard let mediaType, mediaType != expected else { return }
        throw .unsupportedMediaType(mediaType, expected: expected)
    }
}
