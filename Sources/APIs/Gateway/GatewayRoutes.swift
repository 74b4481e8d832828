import Hummingbird

/// A group of routes: what each of the APIs hands to `makeRouter`.
package protocol GatewayRoutes: Sendable {
    /// `/system/v1`.
    static var prefix: String { get }
    func add(to routes: RouterGroup<GatewayContext>)
}
