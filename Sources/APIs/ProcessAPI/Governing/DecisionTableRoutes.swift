import Gateway
import Governance
import HTTPTypes
import Hummingbird
import Replenishment
import Vocabulary

/// The written policy: read by everybody, changed by administrators.
struct DecisionTableRoutes: Sendable {
    let flow: FlowServices

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("decision-table") { request, _ in
            let table = try await DecisionTables(flow).current()
            let headers: HTTPFields = [.eTag: "\"\(table.version)\""]
            if request.headers[.accept]?.contains("yaml") == true {
                return Response.text(table.text, type: "application/yaml", headers: headers)
            }
            return try Response.json(table, headers: headers)
        }
        routes.put("decision-table") { request, context in try await adopt(request, context) }
    }

    /// The body is the table's YAML as it is.
    private func adopt(_ request: Request, _ context: GatewayContext) async throws -> Response {
        if let type = request.mediaType, !["application/yaml", "text/yaml", "application/x-yaml", "text/plain"].contains(type) {
            throw Fault.unsupportedMediaType(type, expected: "application/yaml")
        }
        guard let text = String(validating: try await request.bytes(context), as: UTF8.self) else {
            throw Fault.invalid("body", found: nil, expected: "UTF-8 text")
        }
        if let matched = request.headers[.ifMatch]?.filter({ $0 != "\"" }), matched != "*" {
            let current = flow.policies.current.policyVersion
            guard matched == current else {
                throw Fault(.stale, .reject, "The decision table in force is \(current) by now: read it again.")
            }
        }
        let adoption = try await DecisionTables(flow).adopt(text, by: try context.principal.person.rawValue)
        return try .json(adoption, headers: [.eTag: "\"\(adoption.version)\""])
    }
}
