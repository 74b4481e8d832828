import Cycles
import Gateway
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// How the stock will fare: what runs out, when and how surely, and what is more than anybody will ask for.
struct OutlookRoutes: Sendable {
    let flow: FlowServices

    /// A page looks at `limit` positions and has those of them that match: it may be empty and still have a `next`.
    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("outlook") { request, context in
            let query = try RequestQuery(request, allowing: PlannedPage.parameters + ["leastProbability", "leastExcess"])
            let asked = try PlannedPage(query, within: context.principal.scope)
            let wanted = try OutlookFilter(query)
            let (now, rates) = (flow.clock.now(), flow.settings.rates)
            let page = try await flow.database.read { connection in
                try FactsGatherer(connection: connection, now: now, rates: rates)
                    .outlooks(after: asked.after, limit: asked.limit, where: asked.condition)
            }
            return try Response.json(ListPage("outlook", page.outlooks.filter(wanted.takes), next: page.next?.cursor))
        }
    }
}

/// Which outlooks are asked for.
private struct OutlookFilter: Sendable {
    let leastProbability: Double?
    let leastExcess: Double?

    init(_ query: RequestQuery) throws(Fault) {
        leastProbability = try query.number("leastProbability", in: 0...1, "a probability from 0 to 1")
        leastExcess = try query.number("leastExcess", in: 0...1e12, "units, zero or more")
    }

    func takes(_ outlook: PositionOutlook) -> Bool {
        if let leastProbability, outlook.course.map({ $0.stockOutProbability < leastProbability }) ?? true { return false }
        if let leastExcess, outlook.course.map({ ($0.excess ?? 0) < leastExcess }) ?? true { return false }
        return true
    }
}
