import HTTPTypes
import Hummingbird
import Logging
import Observability
import Vocabulary

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id") ?? .date
    static let traceparent = HTTPField.Name("traceparent") ?? .date
    package static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .date
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed") ?? .date
}

/// Gives every request a name, keeps the caller's trace, counts and times what was asked.
struct RequestNaming: RouterMiddleware {
    let services: GatewayServices

    func handle(
        _ request: Request, context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let began = services.clock.now()
        var context = context
        let given = request.headers[.requestID].flatMap { isRequestID($0) ? $0 : nil }
        context.requestID = given ?? services.randomness.identifier(at: began)
        context.traceparent = request.headers[.traceparent].flatMap { isTraceparent($0) ? $0 : nil }
        context.logger[metadataKey: "request"] = "\(context.requestID)"
        if let trace = context.traceparent { context.logger[metadataKey: "traceparent"] = "\(trace)" }
        var response = try await Trace.$current.withValue(context.traceparent) { [context] in try await next(request, context) }
        response.headers[.requestID] = context.requestID
        if let trace = context.traceparent { response.headers[.traceparent] = trace }
        services.metrics.record(
            method: request.method.rawValue, route: context.knownRoute ?? "unknown", status: response.status.code,
            took: services.clock.now() - began)
        return response
    }
}

extension GatewayContext {
    /// The path of the route with its placeholders; nil where there is none.
    var knownRoute: String? {
        guard let path = endpointPath, path != "NotFound" else { return nil }
        return path
    }
}

/// What may stand in a log line: letters, digits and a few signs, at most 100.
private func isRequestID(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d
                || byte == 0x2e || byte == 0x5f
        }
}

/// W3C Trace Context, version 00: `00-<32 hex>-<16 hex>-<2 hex>`, neither id all zero.
private func isTraceparent(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, parts.map(\.utf8.count) == [2, 32, 16, 2], parts[0] == "00" else { return false }
    let isHexadecimal = text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2d
    }
    return isHexadecimal && [parts[1], parts[2]].allSatisfy { part in part.contains { $0 != "0" } }
}
