import Vocabulary

extension Fault.Code {
    /// No API key came with the request, or one that is not valid.
    package static let unauthenticated = Self("gateway.unauthenticated")
    /// The key has none of the roles that the route asks for.
    package static let forbidden = Self("gateway.forbidden")
    /// What was asked for reaches beyond the locations that the key is for.
    package static let outOfScope = Self("gateway.outOfScope")
    /// The key has used up its allowance of requests for the moment.
    package static let tooManyRequests = Self("gateway.tooManyRequests")
    /// This replica is busy with as much as it can hold; nothing of the request was read.
    package static let overloaded = Self("gateway.overloaded")
    /// The body is larger than the route takes.
    package static let bodyTooLarge = Self("gateway.bodyTooLarge")
    /// The body is not well-formed JSON, is nested too deeply, or has a key twice.
    package static let malformedBody = Self("gateway.malformedBody")
    /// The body is in a format that the route does not read.
    package static let unsupportedMediaType = Self("gateway.unsupportedMediaType")
    /// There is no such route.
    package static let unknownRoute = Self("gateway.unknownRoute")
    /// The route exists, but not with this method.
    package static let methodNotAllowed = Self("gateway.methodNotAllowed")
    /// The idempotency key was used before with another request.
    package static let idempotencyKeyReused = Self("gateway.idempotencyKeyReused")
    /// A request with this idempotency key is still being carried out.
    package static let inProgress = Self("gateway.inProgress")
}

extension Fault {
    static let unauthenticated = Fault(
        .unauthenticated, .reject, "Send a valid API key in the header Authorization: Bearer plm_….")

    static func tooManyRequests(after pause: Duration) -> Fault {
        Fault(.tooManyRequests, .retry(after: pause), "This key has used up its allowance of requests: wait as Retry-After says.")
    }

    package static func bodyTooLarge(_ limit: Int) -> Fault {
        Fault(.bodyTooLarge, .reject, "The body is larger than the \(limit) bytes that this route takes.")
    }

    /// - Parameter place: counted in bytes from 1.
    static func malformedBody(_ expected: String, found: String? = nil, at place: Int? = nil, field: String = "body") -> Fault {
        let position = place.map { " at byte \($0)" } ?? ""
        return Fault(
            .malformedBody, .reject, "The body cannot be read\(position): expected \(expected).",
            violations: [Violation(field, found: found, expected: expected)])
    }

    package static func unsupportedMediaType(_ found: String?, expected: String) -> Fault {
        Fault(
            .unsupportedMediaType, .reject, "The body's Content-Type is \(found ?? "missing"): expected \(expected).",
            violations: [Violation("Content-Type", found: found, expected: expected)])
    }

    package static func outOfScope(_ message: String) -> Fault {
        Fault(.outOfScope, .reject, message)
    }
}
