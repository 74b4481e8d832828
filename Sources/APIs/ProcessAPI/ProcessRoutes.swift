import Cycles
import Gateway
import Hummingbird
import Replenishment
import Storage

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

    package func add(to routes: RouterGroup<GatewayContext>) {
        RecommendationRoutes(gateway: gateway, flow: flow).add(to: routes)
        ApprovalRoutes(flow: flow).add(to: routes)
        CycleRoutes(gateway: gateway, flow: flow, plans: plans).add(to: routes)
        OverrideRoutes(flow: flow).add(to: routes)
        AttentionRoutes(flow: flow).add(to: routes)
        DelegationRoutes(gateway: gateway, flow: flow).add(to: routes)
        DecisionTableRoutes(flow: flow).add(to: routes)
        APIKeyRoutes(gateway: gateway, flow: flow).add(to: routes)
    }
}

extension Scope {
    /// The condition on the column `location` under which a row is within.
    var onLocation: SQL { condition(on: "location") }

    /// The subquery of the locations within; nil for all.
    var membersUnlessEverywhere: SQL? { isEverywhere ? nil : members }
}
