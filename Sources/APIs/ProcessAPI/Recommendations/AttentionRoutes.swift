import CanonicalModel
import Gateway
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// What waits for a person: actions that could not be carried out, and exceptions.
struct AttentionRoutes: Sendable {
    let flow: FlowServices

    struct Closing: Codable, Sendable {
        var resolution: String
    }

    struct Retried: Encodable, Sendable {
        let id: ID<Recommendation>
        let state: ReplenishmentState
    }

    struct Closed: Encodable, Sendable {
        let id: String
        let closedBy: ID<Person>
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("dead-letters") { request, context in
            let query = try RequestQuery(request, allowing: ["limit", "after"])
            let limit = try query.limit()
            let rows = try await DeadLetters(flow).list(
                scope: try context.principal.scope.onLocation, after: try query.id("after"), limit: limit)
            return try Response.json(
                ListPage("deadLetters", rows.map { RecommendationView($0) }, limit: limit) { $0.id.rawValue })
        }
        routes.post("dead-letters/{id}/retry") { _, context in
            let principal = try context.principal
            let id: ID<Recommendation> = try context.id("id")
            _ = try await Browsing(flow).detail(id, scope: principal.scope.onLocation)
            let state = try await DeadLetters(flow).retry(id, by: principal.person.rawValue)
            return try Response.json(Retried(id: id, state: state), status: .accepted)
        }
        routes.post("exceptions/{id}/closure") { request, context in
            let resolution = try await request.decoded(Closing.self, context).resolution
            try requireReason(resolution, field: "resolution")
            let principal = try context.principal
            let (id, now) = (try context.text("id"), flow.clock.now())
            try await flow.database.write { connection in
                try Exceptions(connection: connection, now: now, services: flow).close(
                    id: id, scope: principal.scope.onLocation, by: principal.person.rawValue, resolution)
            }
            return try Response.json(Closed(id: id, closedBy: principal.person))
        }
    }
}
