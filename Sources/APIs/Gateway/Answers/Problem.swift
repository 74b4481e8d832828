import HTTPTypes
import Hummingbird
import Vocabulary

/// A fault as a caller is told of it: problem details by RFC 9457.
package struct Problem: Codable, Hashable, Sendable {
    /// `urn:plimsoll:fault:` and the fault's code.
    package let type: String
    package let title: String
    package let status: Int
    package let detail: String
    /// The fault's code, as `docs/reference/faults.md` lists it.
    package let code: String
    /// What to quote when asking for help.
    package let requestId: String
    /// Field by field, what was wrong with the request.
    package let violations: [Violation]?

    package static let mediaType = "application/problem+json"

    init(_ fault: Fault, requestID: String) {
        let status = fault.httpStatus
        type = "urn:plimsoll:fault:\(fault.code)"
        title = status.reasonPhrase
        self.status = status.code
        code = fault.code.name
        requestId = requestID
        violations = fault.violations.isEmpty || status.kind == .serverError ? nil : fault.violations
        switch status {
        case .internalServerError: detail = "Something of ours failed. It was logged under this request's id."
        case .serviceUnavailable where fault.code.isStorage: detail = "The database does not take this request now: try again."
        default: detail = fault.message
        }
    }
}

extension Fault {
    /// How a fault is answered. Server errors of ours say nothing of what is inside.
    package var httpStatus: HTTPResponse.Status {
        if let status = Self.statuses[code.name] { return status }
        switch disposition {
        case .retry: return .serviceUnavailable
        case _ where code.name.hasPrefix("unit."): return .unprocessableContent
        case _ where code.name.hasPrefix("connector."): return .badGateway
        case .reject where code.name.hasPrefix("governance."): return .conflict
        case .reject where !code.isStorage: return .unprocessableContent
        case .reject, .review: return .internalServerError
        }
    }

    /// When the caller may try again; nil when that is pointless or nobody can tell.
    var retryAfter: Duration? {
        guard case .retry(let after) = disposition else { return nil }
        return after ?? (httpStatus == .serviceUnavailable ? .seconds(1) : nil)
    }

    private static let statuses: [String: HTTPResponse.Status] = [
        "input.invalid": .unprocessableContent, "arithmetic.overflow": .unprocessableContent,
        "input.notFound": .notFound, "input.conflict": .conflict,
        "governance.decisionTableInvalid": .unprocessableContent, "governance.ownProposal": .forbidden,
        "governance.roleMissing": .forbidden, "governance.aboveLimit": .forbidden,
        "replenishment.wrongState": .conflict, "replenishment.stale": .preconditionFailed,
        "events.consumerUnknown": .notFound, "plimsoll.defect": .internalServerError,
        "gateway.unauthenticated": .unauthorized, "gateway.forbidden": .forbidden, "gateway.outOfScope": .forbidden,
        "gateway.tooManyRequests": .tooManyRequests, "gateway.bodyTooLarge": .contentTooLarge,
        "gateway.malformedBody": .badRequest, "gateway.unsupportedMediaType": .unsupportedMediaType,
        "gateway.unknownRoute": .notFound, "gateway.methodNotAllowed": .methodNotAllowed,
        "gateway.idempotencyKeyReused": .unprocessableContent, "gateway.inProgress": .conflict,
    ]
}

extension Fault.Code {
    var isStorage: Bool { name.hasPrefix("storage.") }
}
