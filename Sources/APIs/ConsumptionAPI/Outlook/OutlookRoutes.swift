import CanonicalModel
import Cycles
import Foundation
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
            let query = try RequestQuery(
                request, allowing: ["item", "location", "region", "leastProbability", "leastExcess", "limit", "after"])
            let limit = try query.limit()
            let wanted = try OutlookFilter(query)
            let condition = try wanted.condition(within: context.principal.scope)
            let after = try query["after"].map(PositionKey.init(cursor:))
            let (now, rates) = (flow.clock.now(), flow.settings.rates)
            let page = try await flow.database.read { connection in
                try StockOutlooks(connection: connection, now: now, rates: rates)
                    .page(after: after, limit: limit, where: condition)
            }
            return try Response.json(ListPage("outlook", page.outlooks.filter(wanted.takes), next: page.next?.cursor))
        }
    }
}

/// Which positions are asked for.
private struct OutlookFilter: Sendable {
    let item: ID<Item>?
    let location: ID<Location>?
    let region: String?
    let leastProbability: Double?
    let leastExcess: Double?

    init(_ query: RequestQuery) throws(Fault) {
        item = try query.id("item")
        location = try query.id("location")
        region = query["region"]
        leastProbability = try query.number("leastProbability", in: 0...1, "a probability from 0 to 1")
        leastExcess = try query.number("leastExcess", in: 0...1e12, "units, zero or more")
    }

    func condition(within scope: Scope) -> SQL {
        var condition = scope.condition(on: "location")
        if let item { condition = condition + " AND t.item = \(item)" }
        if let location { condition = condition + " AND t.location = \(location)" }
        if let region { condition = condition + " AND l.region = \(region)" }
        return condition
    }

    func takes(_ outlook: PositionOutlook) -> Bool {
        if let leastProbability, outlook.course.map({ $0.stockOutProbability < leastProbability }) ?? true { return false }
        if let leastExcess, outlook.course.map({ ($0.excess ?? 0) < leastExcess }) ?? true { return false }
        return true
    }
}

extension PositionKey {
    /// Its place in the order of a list.
    fileprivate var cursor: String { ID<InventoryPolicy>.joining(item.rawValue, location.rawValue).rawValue }

    /// - Throws: `input.invalid` when it is not what a page gave as `next`.
    fileprivate init(cursor: String) throws(Fault) {
        let parts = cursor.split(separator: "|").compactMap { String($0).removingPercentEncoding }
        guard parts.count == 2 else { throw .invalid("after", found: cursor, expected: "the next of the page before") }
        self.init(item: try ID(checking: parts[0], field: "after"), location: try ID(checking: parts[1], field: "after"))
    }
}
