import Cycles
import Gateway
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// How long suppliers take: what they state, and what their receipts show.
struct LeadTimeRoutes: Sendable {
    let flow: FlowServices

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("lead-times") { request, context in
            let query = try RequestQuery(request, allowing: PlannedPage.parameters)
            let asked = try PlannedPage(query, within: context.principal.scope)
            let (now, rates) = (flow.clock.now(), flow.settings.rates)
            let page = try await flow.database.read { connection in
                try FactsGatherer(connection: connection, now: now, rates: rates)
                    .leadTimes(after: asked.after, limit: asked.limit, where: asked.condition)
            }
            return try Response.json(ListPage("leadTimes", page.leadTimes, next: page.next?.cursor))
        }
    }
}
