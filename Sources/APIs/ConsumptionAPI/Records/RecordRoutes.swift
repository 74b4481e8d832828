import CanonicalModel
import CanonicalStore
import Gateway
import Hummingbird
import Storage
import Vocabulary

/// The canonical records, page by page in the order of their ids.
struct RecordRoutes: Sendable {
    let database: any Database

    /// A record and where it comes from.
    struct RecordView<Entity: StoredEntity>: Encodable, Sendable {
        let value: Entity
        let version: Int64
        let source: ID<ExternalSystem>
        let observedAt: Instant
        let recordedAt: Instant

        init(_ stored: Stored<Entity>) {
            value = stored.entity
            version = stored.version
            source = stored.provenance.system
            observedAt = stored.provenance.observedAt
            recordedAt = stored.recordedAt
        }
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        let item = (name: "item", column: "item")
        let location = (name: "location", column: "location")
        list(Item.self, at: "items", [], to: routes) { _ in "1 = 1" }
        list(Location.self, at: "locations", [("region", "region"), ("system", "system")], to: routes) { $0.condition(on: "id") }
        list(Supplier.self, at: "suppliers", [], to: routes) { _ in "1 = 1" }
        list(Sourcing.self, at: "sourcing", [item, location, ("supplier", "supplier")], to: routes) {
            $0.condition(on: "location", orNone: true)
        }
        list(Lane.self, at: "lanes", [("origin", "origin"), ("destination", "destination")], to: routes) { scope in
            "(\(scope.condition(on: "origin")) AND \(scope.condition(on: "destination")))"
        }
        list(InventoryPolicy.self, at: "policies", [item, location], to: routes) { $0.condition(on: "location") }
        list(Balance.self, at: "balances", [item, location], to: routes) { $0.condition(on: "location") }
        list(
            SupplyLine.self, at: "supply",
            [item, ("location", "destination"), ("supplier", "supplier"), ("state", "state"), ("reference", "reference")],
            to: routes
        ) { $0.condition(on: "destination") }
        list(Forecast.self, at: "forecasts", [item, location, ("source", "source"), ("cycle", "cycle")], to: routes) {
            $0.condition(on: "location")
        }
        routes.get("demand") { request, context in try await demand(request, context) }
    }

    /// - Parameter filters: the name of each parameter and the column that it has to equal.
    private func list<Entity: StoredEntity>(
        _ type: Entity.Type, at path: RouterPath, _ filters: [(name: String, column: String)],
        to routes: RouterGroup<GatewayContext>,
        scope: @escaping @Sendable (Scope) -> SQL
    ) {
        routes.get(path) { request, context in
            let query = try RequestQuery(request, allowing: filters.map(\.name) + ["limit", "after"])
            let limit = try query.limit()
            let after = try query.id("after", as: Entity.self)
            var condition = scope(try context.principal.scope)
            for (name, column) in filters {
                guard let wanted = query[name] else { continue }
                condition = condition + " AND \(identifier: column) = \(wanted)"
            }
            let rows = try await database.read { [condition] connection in
                try Records<Entity>.page(after: after, limit: limit, where: condition, on: connection)
            }
            return try Response.json(
                ListPage(path.description.filter { $0 != "/" }, rows.map(RecordView.init), limit: limit) { $0.value.id.rawValue })
        }
    }

    struct DemandView: Encodable, Sendable {
        let item: ID<Item>
        let location: ID<Location>
        let points: [DemandPoint]
    }

    /// The demand for one item at one location, day by day as it was recorded.
    private func demand(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let query = try RequestQuery(request, allowing: ["item", "location", "from", "until"])
        guard let item = try query.id("item", as: Item.self) else {
            throw Fault.invalid("item", found: nil, expected: "the item whose demand is asked for")
        }
        guard let location = try query.id("location", as: Location.self) else {
            throw Fault.invalid("location", found: nil, expected: "the location whose demand is asked for")
        }
        let from = try query.date("from") ?? BusinessDate(dayNumber: -719_162)
        let until = try query.date("until") ?? BusinessDate(dayNumber: 2_932_896)
        let scope = try context.principal.scope
        let points = try await database.read { connection in
            try scope.require(location, "Location \(location)", on: connection)
            return try DemandHistory.read(item, at: location, from: from, until: until, on: connection)
        }
        return try .json(DemandView(item: item, location: location, points: points))
    }
}
