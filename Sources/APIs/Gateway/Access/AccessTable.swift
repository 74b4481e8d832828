import Governance
import HTTPTypes

/// Every route there is and the roles that may use it, in one place.
///
/// A route that is not in the table is answered to nobody: forgetting one closes it.
package enum AccessTable {
    private static let everybody = Role.ofKeys
    private static let deciders: [Role] = [.planner, .buyer, .operations, .administrator]
    private static let runners: [Role] = [.planner, .operations, .integration, .administrator]
    private static let feeders: [Role] = [.integration, .operations, .administrator]
    private static let keepers: [Role] = [.operations, .administrator]
    private static let auditors: [Role] = [.viewer, .operations, .administrator]
    private static let administrators: [Role] = [.administrator]

    package static let rules = open + system + process + consumption

    private static let open = [
        RouteRule(.get, "/livez", nil), RouteRule(.get, "/readyz", nil), RouteRule(.get, "/metrics", nil),
    ]

    private static let system = [
        RouteRule(.get, "/system/v1/systems", everybody),
        RouteRule(.post, "/system/v1/systems/{name}/sync", feeders, needsEverywhere: true, isRepeatGuarded: true),
        RouteRule(.post, "/system/v1/feeds/{feed}", feeders, body: .file),
        RouteRule(.get, "/system/v1/refusals", feeders + [.planner], needsEverywhere: true),
        RouteRule(.get, "/system/v1/crosswalk", feeders, needsEverywhere: true),
        RouteRule(.put, "/system/v1/crosswalk", [.integration, .administrator], needsEverywhere: true),
        RouteRule(.get, "/system/v1/backup", administrators, needsEverywhere: true),
    ]

    private static let process = [
        RouteRule(.post, "/process/v1/recommendations", [.integration, .planner, .administrator], body: .batch),
        RouteRule(.get, "/process/v1/recommendations", everybody),
        RouteRule(.get, "/process/v1/recommendations/{id}", everybody),
        RouteRule(.post, "/process/v1/recommendations/{id}/approval", deciders, isRepeatGuarded: true),
        RouteRule(.post, "/process/v1/recommendations/{id}/rejection", deciders, isRepeatGuarded: true),
        RouteRule(.post, "/process/v1/recommendations/{id}/redecision", deciders, isRepeatGuarded: true),
        RouteRule(.post, "/process/v1/recommendations/{id}/settlement", keepers, isRepeatGuarded: true),
        RouteRule(.get, "/process/v1/cycles", everybody),
        RouteRule(.post, "/process/v1/cycles", runners, isRepeatGuarded: true),
        RouteRule(.get, "/process/v1/cycles/{id}", everybody),
        RouteRule(.get, "/process/v1/cycles/{id}/coverage", everybody),
        RouteRule(.post, "/process/v1/cycles/{id}/run", runners, isRepeatGuarded: true),
        RouteRule(.post, "/process/v1/cycles/{id}/forecasts", [.integration, .administrator], body: .batch),
        RouteRule(.post, "/process/v1/cycles/{id}/close", runners, isRepeatGuarded: true),
        RouteRule(.get, "/process/v1/overrides", everybody),
        RouteRule(.post, "/process/v1/overrides", [.planner, .administrator], isRepeatGuarded: true),
        RouteRule(.post, "/process/v1/overrides/{id}/withdrawal", [.planner, .administrator], isRepeatGuarded: true),
        RouteRule(.get, "/process/v1/dead-letters", deciders + [.viewer]),
        RouteRule(.post, "/process/v1/dead-letters/{id}/retry", keepers, isRepeatGuarded: true),
        RouteRule(.post, "/process/v1/exceptions/{id}/closure", deciders, isRepeatGuarded: true),
        RouteRule(.get, "/process/v1/delegations", deciders),
        RouteRule(.post, "/process/v1/delegations", deciders, isRepeatGuarded: true),
        RouteRule(.get, "/process/v1/decision-table", everybody),
        RouteRule(.put, "/process/v1/decision-table", administrators),
        RouteRule(.get, "/process/v1/api-keys", administrators),
        // Not guarded: the answer holds the key itself, which may not be remembered.
        RouteRule(.post, "/process/v1/api-keys", administrators),
        RouteRule(.delete, "/process/v1/api-keys/{id}", administrators),
    ]

    private static let consumption =
        [
            "items", "locations", "suppliers", "sourcing", "lanes", "policies", "balances", "supply", "forecasts", "demand",
            "recommendations/{id}/explanation", "exceptions", "service-levels", "accuracy", "outlook",
            "lead-times", "forecasts/sums",
        ].map { RouteRule(.get, "/consumption/v1/\($0)", everybody) } + [
            RouteRule(.get, "/consumption/v1/events", everybody, needsEverywhere: true),
            RouteRule(.post, "/consumption/v1/consumers/{name}/replay", keepers, needsEverywhere: true, isRepeatGuarded: true),
            RouteRule(.get, "/consumption/v1/audit/verification", auditors, needsEverywhere: true),
            RouteRule(.get, "/consumption/v1/audit/export", auditors, needsEverywhere: true),
            RouteRule(.get, "/consumption/v1/audit/checkpoints", auditors, needsEverywhere: true),
        ]

    private static let byRoute = Dictionary(rules.map { (Route(method: $0.method, path: $0.path), $0) }) { first, _ in first }

    private struct Route: Hashable {
        let method: HTTPRequest.Method
        let path: String
    }

    /// - Parameter path: with its placeholders.
    static func rule(_ method: HTTPRequest.Method, _ path: String) -> RouteRule? {
        byRoute[Route(method: method, path: path)]
    }

    /// The methods by which something answers at `path`.
    static func methods(at path: String) -> [String] {
        let parts = path.split(separator: "/")
        return rules.filter { $0.matches(parts) }.map(\.method.rawValue)
    }
}
