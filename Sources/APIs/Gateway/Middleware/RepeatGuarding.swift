import Hummingbird
import NIOCore
import Vocabulary

/// Answers a repeated request with the first answer instead of doing it again, when both carry the same idempotency key.
struct RepeatGuarding: RouterMiddleware {
    let services: GatewayServices

    func handle(
        _ request: Request, context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard let key = request.headers[.idempotencyKey], let path = context.knownRoute,
            AccessTable.rule(request.method, path)?.isRepeatGuarded == true
        else { return try await next(request, context) }
        guard identifierComplaint(about: key) == nil else {
            throw Fault.invalid("Idempotency-Key", found: key, expected: "1 to 200 bytes without control characters")
        }
        let bytes = try await request.bytes(context)
        var request = request
        request.body = RequestBody(buffer: ByteBuffer(bytes: bytes))
        let digest = Digest(of: Array("\(request.method) \(request.uri.string)\n".utf8) + bytes)
        let keys = IdempotencyKeys(services.database, clock: services.clock, kept: services.limits.replayable)
        let owner = try context.principal.key
        if let answer = try await keys.begin(owner, key, digest) {
            return Response(
                status: .init(code: answer.status), headers: [.contentType: answer.mediaType, .idempotencyReplayed: "true"],
                body: .init(byteBuffer: ByteBuffer(string: answer.body)))
        }
        return try await withThrowingTaskGroup { group in
            group.addTask { await keys.keep(owner, key) }
            defer { group.cancelAll() }
            return try await run(request, context, keys, owner, key, next)
        }
    }

    private func run(
        _ request: Request, _ context: GatewayContext, _ keys: IdempotencyKeys, _ owner: String, _ key: String,
        _ next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let response: Response
        do {
            response = try await next(request, context)
        } catch let fault as Fault where fault.httpStatus.kind == .clientError && fault.httpStatus != .tooManyRequests {
            // A refusal is an answer as well: it is remembered like any other.
            response = .problem(fault, requestID: context.requestID)
        } catch {
            // Nothing is known to have been done: the same key may try again.
            try await keys.forget(owner, key)
            throw error
        }
        guard response.status.kind != .serverError else {
            try await keys.forget(owner, key)
            return response
        }
        let body = try await response.body.collected()
        try await keys.finish(
            owner, key,
            .init(status: response.status.code, mediaType: response.headers[.contentType] ?? "", body: String(buffer: body)))
        return Response(status: response.status, headers: response.headers, body: .init(byteBuffer: body))
    }
}

extension ResponseBody {
    /// The whole body; only for routes whose answers are small.
    fileprivate consuming func collected() async throws -> ByteBuffer {
        let collector = BodyCollector()
        try await write(collector)
        return collector.buffer
    }
}

private final class BodyCollector: ResponseBodyWriter {
    var buffer = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        self.buffer.writeImmutableBuffer(buffer)
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
