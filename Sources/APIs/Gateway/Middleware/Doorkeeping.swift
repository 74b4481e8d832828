import Governance
import HTTPTypes
import Hummingbird
import Logging
import Vocabulary

/// Lets in who shows a key, to where its roles and its scope reach, as often as it may.
struct Doorkeeping: RouterMiddleware {
    let services: GatewayServices
    private let allowances: TokenBuckets
    /// For those who show a wrong key: guessing is slow, and costs nobody else anything.
    private let wrongKeys: TokenBuckets

    init(_ services: GatewayServices) {
        self.services = services
        allowances = TokenBuckets(burst: services.limits.burst, perSecond: services.limits.perSecond)
        wrongKeys = TokenBuckets(burst: 20, perSecond: 1)
    }

    func handle(
        _ request: Request, context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard let path = context.knownRoute, let rule = AccessTable.rule(request.method, path) else {
            throw unknown(request)
        }
        var context = context
        context.nesting = services.limits.nesting
        context.bodyLimit = limit(rule.body)
        if let roles = rule.roles {
            let principal = try await authenticate(request, context)
            context.logger[metadataKey: "key"] = "\(principal.name)"
            guard principal.roles.contains(where: roles.contains) else {
                let names = roles.map(\.rawValue).joined(separator: ", ")
                throw Fault(.forbidden, .reject, "This needs a key with one of the roles \(names).")
            }
            guard !rule.needsEverywhere || principal.scope.isEverywhere else {
                throw Fault.outOfScope("This concerns all locations, and the key is for some of them only.")
            }
            context.caller = principal
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > context.bodyLimit {
            throw Fault.bodyTooLarge(context.bodyLimit)
        }
        let weight = weight(of: rule.body, request, context)
        guard weight > 0 else { return try await next(request, context) }
        guard services.admission.enter(.bodies, weight) else { throw Fault.overloaded(services.admission, .bodies) }
        defer { services.admission.leave(.bodies, weight) }
        return try await next(request, context)
    }

    /// The bytes of the body that will be in memory; one that does not tell its length may be as long as the route takes.
    private func weight(of body: RouteRule.Body, _ request: Request, _ context: GatewayContext) -> Int {
        // Files are spooled and never in memory as a whole.
        if body == .file { return 0 }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) { return max(0, length) }
        return request.headers[.transferEncoding] == nil ? 0 : context.bodyLimit
    }

    private func authenticate(_ request: Request, _ context: GatewayContext) async throws -> Principal {
        let now = services.clock.now()
        let peer = context.peer ?? "unknown"
        if let pause = wrongKeys.wait(peer, at: now) { throw Fault.tooManyRequests(after: pause) }
        guard let secret = bearer(request), let principal = try await services.identities.principal(secret, at: now) else {
            _ = wrongKeys.take(peer, at: now)
            throw Fault.unauthenticated
        }
        if let pause = allowances.take(principal.key, at: now) { throw Fault.tooManyRequests(after: pause) }
        return principal
    }

    private func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }

    private func limit(_ body: RouteRule.Body) -> Int {
        switch body {
        case .ordinary: services.limits.body
        case .batch: services.limits.batchBody
        case .file: services.limits.importBody
        }
    }

    private func unknown(_ request: Request) -> Fault {
        let methods = AccessTable.methods(at: request.uri.path)
        if methods.isEmpty { return Fault(.unknownRoute, .reject, "There is nothing at \(request.uri.path).") }
        return Fault(
            .methodNotAllowed, .reject,
            "\(request.uri.path) answers to \(methods.joined(separator: ", ")), not \(request.method).")
    }
}
