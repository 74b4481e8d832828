import Cycles
import Gateway
import Hummingbird
import Replenishment

/// `/process/v1`: the flow from recommendation to action, and who may run it.
package struct ProcessRoutes: GatewayRoutes {
    package static let prefix = "/process/v1"

    let gateway: GatewayServices
    let flow: FlowServices
    let plans: [CyclePlan]

    /// - Parameter plans: the configured cycle plans, which cycles are opened by the name of.
    package init(_ gateway: GatewayServices, flow: FlowServices, plans: [CyclePlan]) {
        self.gateway = gateway
        self.flow = flow
        self.plans = plans
    }

    package func add(to routes: RouterGroup<GatewayContext>) {}
}
