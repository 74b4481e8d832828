import Hummingbird

/// The routes of all APIs behind one door.
///
/// - Returns: to be served by an `Application`; every request passes the middleware, known or not.
package func makeRouter(_ services: GatewayServices, routes: [any GatewayRoutes]) -> Router<GatewayContext> {
    let router = Router(context: GatewayContext.self)
    router.add(middleware: RequestNaming(services: services))
    router.add(middleware: FaultAnswering())
    router.add(middleware: Admitting(services: services))
    router.add(middleware: Doorkeeping(services))
    router.add(middleware: RepeatGuarding(services: services))
    ProbeRoutes(services: services).add(to: router)
    for group in routes { group.add(to: router.group(RouterPath(type(of: group).prefix))) }
    return router
}
