import CanonicalModel
import Gateway
import Governance
import HTTPTypes
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// Where people say yes, no, look again, and what happened.
struct ApprovalRoutes: Sendable {
    let flow: FlowServices

    struct Approving: Codable, Sendable {
        /// The decision that the person saw; may come as If-Match instead.
        var decision: ID<Decision>?
        var comment: String?
        var onBehalfOf: ID<Person>?
    }

    struct Reasoning: Codable, Sendable {
        var reason: String
    }

    struct Settling: Codable, Sendable {
        /// Whether the effect of the last attempt is in the outside system.
        var wasDone: Bool
        var reason: String
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.post("recommendations/{id}/approval") { request, context in
            let body = try await request.decodedIfPresent(Approving.self, context) ?? Approving()
            let (id, approver) = try await admitted(context)
            let seen = try seen(body.decision, request.headers[.ifMatch])
            try requireShort(body.comment, "comment")
            let answer = try await ApprovalDesk(flow).approve(
                id, decision: seen, by: approver, onBehalfOf: body.onBehalfOf, comment: body.comment)
            return try Response.json(answer)
        }
        routes.post("recommendations/{id}/rejection") { request, context in
            let reason = try await reason(request, context)
            let (id, approver) = try await admitted(context)
            return try Response.json(try await ApprovalDesk(flow).reject(id, by: approver, reason: reason))
        }
        routes.post("recommendations/{id}/redecision") { request, context in
            let reason = try await reason(request, context)
            let (id, approver) = try await admitted(context)
            return try Response.json(try await ApprovalDesk(flow).decideAgain(id, by: approver, reason: reason))
        }
        routes.post("recommendations/{id}/settlement") { request, context in
            let body = try await request.decoded(Settling.self, context)
            try requireReason(body.reason)
            let (id, approver) = try await admitted(context)
            let answer = try await ApprovalDesk(flow).settle(id, wasDone: body.wasDone, by: approver, reason: body.reason)
            return try Response.json(answer)
        }
    }

    /// The recommendation and who acts on it, once all it concerns is within the caller's scope.
    ///
    /// - Throws: `input.notFound`; `gateway.outOfScope` when a transfer would take goods from elsewhere.
    private func admitted(_ context: GatewayContext) async throws -> (ID<Recommendation>, Approver) {
        let principal = try context.principal
        let id: ID<Recommendation> = try context.id("id")
        let row = try await Browsing(flow).detail(id, scope: principal.scope.onLocation).row
        if case .createTransfer(let transfer) = row.action {
            let isWithin = try await flow.database.read { connection in
                try principal.scope.contains(transfer.origin, on: connection)
            }
            guard isWithin else {
                throw Fault.outOfScope("The transfer takes goods from a location that the key is not for.")
            }
        }
        return (id, Approver(person: principal.person, roles: principal.roles))
    }

    private func seen(_ given: ID<Decision>?, _ ifMatch: String?) throws(Fault) -> ID<Decision> {
        let matched = ifMatch.map { ID<Decision>($0.filter { $0 != "\"" }) }
        guard let seen = given ?? matched else {
            throw .invalid("decision", found: nil, expected: "the id of the decision that was looked at, here or in If-Match")
        }
        if let given, let matched, given != matched {
            throw .invalid("decision", found: given.rawValue, expected: "\(matched), as If-Match says")
        }
        return seen
    }

    private func reason(_ request: Request, _ context: GatewayContext) async throws -> String {
        let reason = try await request.decoded(Reasoning.self, context).reason
        try requireReason(reason)
        return reason
    }
}

/// - Throws: `input.invalid` unless it says something, and not too much.
func requireReason(_ reason: String, field: String = "reason") throws(Fault) {
    guard reason.contains(where: { !$0.isWhitespace }) else {
        throw .invalid(field, found: reason, expected: "why, in a few words")
    }
    try requireShort(reason, field)
}

func requireShort(_ text: String?, _ field: String) throws(Fault) {
    guard let text, text.utf8.count > 2000 else { return }
    throw .invalid(field, found: text, expected: "at most 2000 bytes")
}
