import EventLog
import Gateway
import Hummingbird
import NIOCore
import Replenishment
import Storage
import Vocabulary

/// The audit chain: checked, and taken off the machine.
struct AuditRoutes: Sendable {
    let flow: FlowServices
    let auditKey: String

    struct VerificationView: Encodable, Sendable {
        struct Finding: Encodable, Sendable {
            let shard: Int
            let sequence: Int64
            /// In words, naming the row.
            let explanation: String
        }

        let isSound: Bool
        /// Sound rows over all shards.
        let rows: Int64
        /// The signed checkpoints that the chains were held against.
        let checkpoints: Int
        let findings: [Finding]
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("audit/verification") { _, _ in
            guard let key = try? AuditPublicKey(parsing: auditKey) else {
                throw Fault.defect("The server was given no usable public key for its audit checkpoints.")
            }
            let outcome = try await AuditVerifier(flow.database, texts: replenishmentTexts).verify(
                checkpoints: [], publicKey: key)
            let findings = outcome.findings.map {
                VerificationView.Finding(shard: $0.shard, sequence: $0.sequence, explanation: $0.description)
            }
            return try Response.json(
                VerificationView(
                    isSound: outcome.isSound, rows: outcome.rows, checkpoints: outcome.checkpoints, findings: findings))
        }
        routes.get("audit/export") { request, _ in
            let after = try RequestQuery(request, allowing: ["after"]).position("after") ?? 0
            let body = ResponseBody { [flow] writer in
                var last = after
                while let page = try await flow.audit.exportPage(from: flow.database, after: last) {
                    try await writer.write(ByteBuffer(string: page.lines))
                    last = page.last
                }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
        }
        routes.get("audit/checkpoints") { _, _ in
            let checkpoints = try await flow.database.read { connection in try flow.audit.checkpoints(on: connection) }
            return try Response.json(ListPage("checkpoints", checkpoints))
        }
    }
}
