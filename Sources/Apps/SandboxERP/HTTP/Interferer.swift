import HTTPTypes
import Hummingbird
import NIOCore
import Vocabulary

/// Answers the way the adversary wants it.
struct Interferer: Sendable {
    let company: SandboxCompany
    let clock: WallClock

    func write(
        _ interference: Interference, _ order: WriteOrder, key: String?, _ context: SandboxContext
    ) async throws -> Response {
        if interference.mode == .late {
            await company.holdBack(order, key: key, for: interference.pause)
            return await context.hangUp()
        }
        return try await interfere(interference, context) {
            let effect = try await company.carryOut(order, key: key)
            if case .created(let document) = effect { return jsonResponse(.created, document) }
            return jsonResponse(.ok, effect.document)
        }
    }

    func read(
        _ interference: Interference, _ context: SandboxContext, _ reply: () async throws -> Response
    ) async throws -> Response {
        if interference.mode == .late { return await context.hangUp() }
        return try await interfere(interference, context, reply)
    }

    private func interfere(
        _ interference: Interference, _ context: SandboxContext, _ reply: () async throws -> Response
    ) async throws -> Response {
        switch interference.mode {
        case .ok: return try await reply()
        case .slow:
            try await clock.pause(interference.pause)
            return try await reply()
        case .error500: return Response(status: .internalServerError)
        case .applyThen500:
            _ = try await reply()
            return Response(status: .internalServerError)
        case .drop:
            // What the books refuse is dropped just the same: the caller must not be able to tell.
            _ = try? await reply()
            return await context.hangUp()
        case .dropBefore, .late: return await context.hangUp()
        case .throttle429: return throttled(.tooManyRequests, interference)
        case .throttle503: return throttled(.serviceUnavailable, interference)
        case .throttle400:
            var response = jsonResponse(
                .badRequest,
                Refusal(error: "REQUEST_LIMIT_EXCEEDED", message: "REQUEST_LIMIT_EXCEEDED: too many calls.", violations: []))
            if let moment = interference.retryAfterHeader { response.headers[.retryAfter] = moment }
            return response
        case .garbage:
            _ = try await reply()
            return text("{\"number\": \"PR-00", type: "application/json")
        case .wrongType:
            _ = try await reply()
            return text("<html><body>Maintenance window</body></html>", type: "text/html")
        case .noContent:
            _ = try await reply()
            return Response(status: .noContent)
        case .redirect:
            return Response(status: .found, headers: [.location: "http://192.0.2.1/elsewhere"])
        }
    }

    private func throttled(_ status: HTTPResponse.Status, _ interference: Interference) -> Response {
        var response = Response(status: status)
        if let moment = interference.retryAfterHeader { response.headers[.retryAfter] = moment }
        return response
    }

    private func text(_ text: String, type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
