import CanonicalModel
import Gateway
import Hummingbird
import Storage
import Vocabulary

/// How much of what should be in stock is.
struct ServiceLevelRoutes: Sendable {
    let gateway: GatewayServices

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("service-levels") { request, context in
            let query = try RequestQuery(request, allowing: ["region"])
            let scope = try context.principal.scope
            let region = query["region"]
            let locations = try await gateway.database.read { connection in
                try LocationLevel.all(scope: scope, region: region, on: connection)
            }
            return try Response.json(ServiceLevels(locations, at: gateway.clock.now()))
        }
    }
}

/// Availability by location and region.
///
/// The denominator is every position for which there is an inventory policy, of items that are not retired at
/// locations in use: an item whose stock nobody reports is not available, and is told of by itself.
struct ServiceLevels: Encodable, Sendable {
    let asOf: Instant
    let total: Shares
    let regions: [RegionLevel]
    let locations: [LocationLevel]

    struct RegionLevel: Encodable, Sendable {
        let region: String
        let shares: Shares
    }

    init(_ locations: [LocationLevel], at now: Instant) {
        asOf = now
        self.locations = locations
        total = locations.map(\.shares).reduce(Shares(), +)
        regions = Dictionary(grouping: locations, by: \.region).map { region, levels in
            RegionLevel(region: region, shares: levels.map(\.shares).reduce(Shares(), +))
        }.sorted { $0.region < $1.region }
    }
}

struct Shares: Encodable, Sendable {
    /// Positions with a policy.
    var positions = 0
    /// Of these, those whose stock no system has told.
    var unknown = 0
    /// Of all positions, those with more on hand than is allocated.
    var available = 0
    /// Of all positions, those with no less available than their safety stock.
    var aboveSafetyStock = 0

    private enum CodingKeys: String, CodingKey {
        case positions, unknown, available, aboveSafetyStock, availableShare, aboveSafetyStockShare
    }

    static func + (left: Shares, right: Shares) -> Shares {
        Shares(
            positions: left.positions + right.positions, unknown: left.unknown + right.unknown,
            available: left.available + right.available, aboveSafetyStock: left.aboveSafetyStock + right.aboveSafetyStock)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(positions, forKey: .positions)
        try fields.encode(unknown, forKey: .unknown)
        try fields.encode(available, forKey: .available)
        try fields.encode(aboveSafetyStock, forKey: .aboveSafetyStock)
        // Of no positions there is no share.
        guard positions > 0 else { return }
        try fields.encode(Double(available) / Double(positions), forKey: .availableShare)
        try fields.encode(Double(aboveSafetyStock) / Double(positions), forKey: .aboveSafetyStockShare)
    }
}

struct LocationLevel: Encodable, Sendable {
    let location: ID<Location>
    let region: String
    let shares: Shares
    /// When the balance that was looked at longest ago was seen so; nil when there is none.
    let oldestBalanceAt: Instant?

    static func all(scope: Scope, region: String?, on connection: any Connection) throws -> [LocationLevel] {
        let within: SQL = scope.isEverywhere ? "1 = 1" : "l.id IN (\(scope.members))"
        let inRegion: SQL = region.map { "AND l.region = \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT l.id, l.region, COUNT(*), SUM(CASE WHEN b.id IS NULL THEN 1 ELSE 0 END),
                SUM(CASE WHEN b.on_hand - b.allocated > 0 THEN 1 ELSE 0 END),
                SUM(CASE WHEN b.on_hand - b.allocated >= p.safety_stock THEN 1 ELSE 0 END), MIN(b.observed_at)
            FROM inventory_policy p JOIN location l ON l.id = p.location JOIN item i ON i.id = p.item
                LEFT JOIN balance b ON b.item = p.item AND b.location = p.location
            WHERE l.is_active = 1 AND i.is_retired = 0 AND \(within) \(inRegion) GROUP BY l.id, l.region ORDER BY l.id
            """
        ) { row in
            LocationLevel(
                location: try row[0], region: try row[1],
                shares: Shares(positions: try row[2], unknown: try row[3], available: try row[4], aboveSafetyStock: try row[5]),
                oldestBalanceAt: try row[6])
        }
    }
}
