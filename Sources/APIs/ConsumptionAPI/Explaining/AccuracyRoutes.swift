import CanonicalModel
import Cycles
import Gateway
import Hummingbird
import Replenishment
import Vocabulary

/// How far forecasts were from what then happened.
struct AccuracyRoutes: Sendable {
    let flow: FlowServices

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("accuracy") { request, context in
            let query = try RequestQuery(
                request, allowing: ["from", "until", "lag", "by", "source", "item", "location", "limit"])
            let scope = try context.principal.scope
            let question = AccuracyQuestion(
                from: try query.date("from"), until: try query.date("until"), lag: try lag(query),
                group: try query.word("by") ?? .location, source: try query.id("source"), item: try query.id("item"),
                location: try query.id("location"), limit: try query.limit())
            return try Response.json(
                try await AccuracyDesk(flow).report(question, within: scope.isEverywhere ? nil : scope.members))
        }
    }

    private func lag(_ query: RequestQuery) throws -> Int {
        guard let text = query["lag"] else { return 1 }
        guard let lag = Int(text) else { throw Fault.invalid("lag", found: text, expected: "1 to 400 periods") }
        return lag
    }
}
