import Cycles
import Gateway
import Hummingbird
import Replenishment
import Vocabulary

/// What planners put in place of the statistical forecast.
struct OverrideRoutes: Sendable {
    let flow: FlowServices

    private var desk: OverrideDesk { OverrideDesk(flow) }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("overrides") { request, context in
            let query = try RequestQuery(request, allowing: ["all", "limit"])
            let members = try context.principal.scope.membersUnlessEverywhere
            let rows = try await desk.list(all: try query.flag("all") ?? false, within: members, limit: try query.limit())
            return try Response.json(ListPage("overrides", rows))
        }
        routes.post("overrides") { request, context in
            let wish = try await request.decoded(OverrideWish.self, context)
            let principal = try context.principal
            let row = try await desk.add(wish, by: principal.person, within: principal.scope.membersUnlessEverywhere)
            return try Response.json(
                row, status: .created, headers: [.location: "\(ProcessRoutes.prefix)/overrides/\(row.id)"])
        }
        routes.post("overrides/{id}/withdrawal") { _, context in
            let principal = try context.principal
            return try Response.json(
                try await desk.withdraw(
                    try context.id("id"), by: principal.person, within: principal.scope.membersUnlessEverywhere))
        }
    }
}
