import CanonicalModel
import ConnectorKit
import Gateway
import Hummingbird
import Replenishment
import Vocabulary

/// Recommendations in, and where they stand.
struct RecommendationRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    func add(to routes: RouterGroup<GatewayContext>) {
        let intake = RecommendationIntake(gateway: gateway, flow: flow)
        routes.post("recommendations") { request, context in try await intake.take(request, context) }
        routes.get("recommendations") { request, context in try await list(request, context) }
        routes.get("recommendations/{id}") { _, context in
            let detail = try await Browsing(flow).detail(context.id("id"), scope: context.principal.scope.onLocation)
            return try Response.json(RecommendationView(detail))
        }
    }

    private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let query = try RequestQuery(
            request, allowing: ["state", "item", "location", "source", "cycle", "limit", "after"])
        let filter = Browsing.Filter(
            states: try states(query["state"]), item: try query.id("item"), location: try query.id("location"),
            source: try query.id("source"), cycle: try query.id("cycle"), scope: try context.principal.scope.onLocation)
        let limit = try query.limit()
        let place = try query["after"].map { text throws(Fault) in try Browsing.Place(parsing: text) }
        let rows = try await Browsing(flow).rows(filter, after: place, limit: limit)
        let next = rows.count < limit ? nil : rows.last.map { Browsing.Place(of: $0).text }
        return try .json(ListPage("recommendations", rows.map { RecommendationView($0) }, next: next))
    }

    /// One state, or several with commas between.
    private func states(_ text: String?) throws(Fault) -> [ReplenishmentState] {
        guard let text else { return [] }
        var states: [ReplenishmentState] = []
        let known = ReplenishmentState.allCases.map(\.rawValue)
        for word in text.split(separator: ",").map(String.init) {
            guard let state = ReplenishmentState(rawValue: word) else {
                let meant = nearestName(to: word, among: known).map { "did you mean \($0)? " } ?? ""
                throw .invalid("state", found: word, expected: "\(meant)one of \(known.joined(separator: ", "))")
            }
            states.append(state)
        }
        return states
    }
}
