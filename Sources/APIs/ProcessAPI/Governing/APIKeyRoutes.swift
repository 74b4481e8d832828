import CanonicalModel
import EventLog
import Gateway
import Governance
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// Who may come in.
struct APIKeyRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    struct Wanted: Codable, Sendable {
        var name: String
        var person: ID<Person>
        var roles: [Role]
        /// With neither regions nor locations it is for all of them.
        var regions: [String]?
        var locations: [ID<Location>]?
        var expiresAt: Instant?
    }

    /// The only answer that ever holds the key itself.
    struct Made: Encodable, Sendable {
        let key: String
        let apiKey: APIKey
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("api-keys") { _, _ in try Response.json(ListPage("apiKeys", try await gateway.identities.list())) }
        routes.post("api-keys") { request, context in
            let body = try await request.decoded(Wanted.self, context)
            let wanted = Identities.Wanted(
                name: body.name, person: body.person, roles: body.roles,
                scope: Scope(regions: body.regions ?? [], locations: body.locations ?? []), expiresAt: body.expiresAt)
            let made = try await gateway.identities.create(wanted, at: gateway.clock.now())
            try await note("apiKey.created", made.key.id, wanted, by: try context.principal)
            return try Response.json(
                Made(key: made.secret, apiKey: made.key), status: .created, headers: [.cacheControl: "no-store"])
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
