import CanonicalModel
import Cycles
import Gateway
import Hummingbird
import Replenishment
import Storage
import Vocabulary

/// What is expected by item, location, family or region: sums that agree, with planners' figures beside the statistical ones.
struct ForecastSumRoutes: Sendable {
    let flow: FlowServices

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("forecasts/sums") { request, context in
            let query = try RequestQuery(
                request,
                allowing: ["by", "from", "periodDays", "periods", "item", "family", "location", "region", "limit"])
            var condition = try context.principal.scope.condition(on: "location")
            if let item: ID<Item> = try query.id("item") { condition = condition + " AND f.item = \(item)" }
            if let family = query["family"] { condition = condition + " AND i.family = \(family)" }
            if let location: ID<Location> = try query.id("location") {
                condition = condition + " AND f.location = \(location)"
            }
            if let region = query["region"] { condition = condition + " AND l.region = \(region)" }
            let question = ForecastSumsQuestion(
                by: try query.word("by") ?? .family,
                from: try query.date("from") ?? TimeZoneName.utc.date(at: flow.clock.now()),
                periodDays: Int(try query.number("periodDays", in: 1...366, "1 to 366 days") ?? 7),
                periods: Int(try query.number("periods", in: 1...400, "1 to 400 periods") ?? 13), where: condition,
                limit: try query.limit())
            return try Response.json(
                try await flow.database.read { connection in try ForecastSums(question, on: connection) })
        }
    }
}
