import Gateway
import Hummingbird
import Replenishment

/// `/consumption/v1`: everything that is only looked at.
package struct ConsumptionRoutes: GatewayRoutes {
    package static let prefix = "/consumption/v1"

    let gateway: GatewayServices
    let flow: FlowServices
    let auditKey: String

    /// - Parameter auditKey: the public half of the key that signs audit checkpoints, in base64.
    package init(_ gateway: GatewayServices, flow: FlowServices, auditKey: String) {
        self.gateway = gateway
        self.flow = flow
        self.auditKey = auditKey
    }

    package func add(to routes: RouterGroup<GatewayContext>) {
        RecordRoutes(database: gateway.database).add(to: routes)
        ExplanationRoutes(flow: flow).add(to: routes)
        ServiceLevelRoutes(gateway: gateway).add(to: routes)
        AccuracyRoutes(flow: flow).add(to: routes)
        OutlookRoutes(flow: flow).add(to: routes)
        LeadTimeRoutes(flow: flow).add(to: routes)
        ForecastSumRoutes(flow: flow).add(to: routes)
        EventRoutes(flow: flow).add(to: routes)
        AuditRoutes(flow: flow, auditKey: auditKey).add(to: routes)
    }
}
