import CanonicalModel
import EventLog
import Gateway
import Governance
import Hummingbird
import Replenishment
import Vocabulary

/// Who may come in.
struct APIKeyRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    struct Wanted: Codable, Sendable {
        var name: String
        var person: ID<Person>
        var roles: [Role]
        /// All locations when it is left out.
        var scope: WantedScope?
        var expiresAt: Instant?
    }

    struct WantedScope: Codable, Sendable {
        var regions: [String]?
        var locations: [ID<Location>]?
    }

    /// The only answer that ever holds the key itself.
    struct Made: Encodable, Sendable {
        let secret: String
        let key: APIKey
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("api-keys") { _, _ in try Response.json(Page(try await gateway.identities.list(), next: nil)) }
        routes.post("api-keys") { request, context in
            let body = try await request.decoded(Wanted.self, context)
            if let scope = body.scope, (scope.regions ?? []).isEmpty, (scope.locations ?? []).isEmpty {
                // An empty scope could be meant as nothing, and would be everything.
                throw Fault.invalid("scope", found: "no region and no location", expected: "at least one, or no scope at all")
            }
            let wanted = Identities.Wanted(
                name: body.name, person: body.person, roles: body.roles,
                scope: Scope(regions: body.scope?.regions ?? [], locations: body.scope?.locations ?? []), expiresAt: body.expiresAt)
            let made = try await gateway.identities.create(wanted, at: gateway.clock.now())
            try await note("apiKey.created", made.key.id, wanted, by: try context.principal)
            return try Response.json(
                Made(secret: made.secret, key: made.key), status: .created, headers: [.cacheControl: "no-store"])
        }
        routes.delete("api-keys/{id}") { _, context in
            let id = try context.text("id")
            try await gateway.identities.revoke(id, at: gateway.clock.now())
            try await note("apiKey.revoked", id, ["id": id], by: try context.principal)
            return Response(status: .noContent)
        }
    }

    private func note(_ what: String, _ id: String, _ body: some Encodable & Sendable, by principal: Principal) async throws {
        let entry = try AuditEntry(kind: what, subject: id, actor: principal.person.rawValue, body: body)
        let now = gateway.clock.now()
        try await flow.database.write { connection in
            try flow.audit.append([entry], on: connection, at: now)
        }
    }
}
