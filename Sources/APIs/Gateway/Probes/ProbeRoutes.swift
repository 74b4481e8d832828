import Hummingbird
import Logging
import Observability
import Vocabulary

/// `/livez`, `/readyz` and `/metrics`, which need no key: a supervisor and a monitoring system have none.
struct ProbeRoutes: Sendable {
    static let paths: Set<String> = ["/livez", "/readyz", "/metrics"]

    let services: GatewayServices

    struct Readiness: Encodable, Sendable {
        let ready: Bool
        /// By the name of the check, whether it holds.
        let checks: [String: Bool]
    }

    func add(to router: Router<GatewayContext>) {
        router.get("livez") { _, _ in Response.text("ok\n", type: "text/plain; charset=utf-8") }
        router.get("readyz") { _, context in try await readiness(context) }
        router.get("metrics") { _, _ in
            for queue in Admission.Queue.allCases {
                services.metrics.recordQueue(
                    queue.rawValue, load: services.admission.load(queue), bound: services.admission.bound(queue))
            }
            return Response.text(await services.probes.metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private func readiness(_ context: GatewayContext) async throws -> Response {
        var checks: [String: Bool] = [:]
        for check in services.probes.readiness {
            do {
                try await check.check()
                checks[check.name] = true
            } catch {
                context.logger.warning("not ready", metadata: ["check": "\(check.name)", "error": "\(error)"])
                checks[check.name] = false
            }
        }
        let ready = checks.values.allSatisfy(\.self)
        return try .json(Readiness(ready: ready, checks: checks), status: ready ? .ok : .serviceUnavailable)
    }
}
