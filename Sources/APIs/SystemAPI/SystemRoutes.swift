import Gateway
import Hummingbird
import Replenishment

/// `/system/v1`: what outside systems bring and how they are read.
package struct SystemRoutes: GatewayRoutes {
    package static let prefix = "/system/v1"

    let gateway: GatewayServices
    let flow: FlowServices

    package init(_ gateway: GatewayServices, flow: FlowServices) {
        self.gateway = gateway
        self.flow = flow
    }

    package func add(to routes: RouterGroup<GatewayContext>) {
        ConnectedSystemRoutes(flow: flow).add(to: routes)
        CrosswalkRoutes(gateway: gateway, flow: flow).add(to: routes)
        BackupRoutes(gateway: gateway, flow: flow).add(to: routes)
        let intake = FeedIntake(gateway: gateway, flow: flow)
        routes.post("feeds/{feed}") { request, context in try await intake.take(request, context) }
    }
}
