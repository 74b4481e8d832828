import EventLog
import Foundation
import Gateway
import Governance
import HTTPTypes
import Hummingbird
import NIOCore
import Replenishment
import Storage
import Vocabulary

/// A copy of the embedded database as it is at one moment, taken while the server runs.
struct BackupRoutes: Sendable {
    let gateway: GatewayServices
    let flow: FlowServices

    private struct Taken: Encodable {
        let bytes: Int
    }

    func add(to routes: RouterGroup<GatewayContext>) {
        routes.get("backup") { _, context in try await backUp(by: try context.principal.person.rawValue) }
    }

    private func backUp(by person: String) async throws -> Response {
        let now = flow.clock.now()
        let path = "\(gateway.limits.spoolFolder)/plimsoll-backup-\(flow.randomness.identifier(at: now)).sqlite"
        do {
            try await flow.database.copy(to: path)
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            try await flow.database.write { connection in
                _ = try flow.audit.append(
                    [AuditEntry(kind: "database.backedUp", subject: "database", actor: person, body: Taken(bytes: size))],
                    on: connection, at: now)
            }
            return Response(
                status: .ok, headers: [.contentType: "application/vnd.sqlite3", .contentLength: String(size)],
                body: ResponseBody(contentLength: size) { writer in
                    // The file is gone afterwards, however that ends.
                    defer { try? FileManager.default.removeItem(atPath: path) }
                    guard let file = FileHandle(forReadingAtPath: path) else { throw Fault.defect("The copy \(path) is gone.") }
                    defer { try? file.close() }
                    while let piece = try file.read(upToCount: 256 << 10), !piece.isEmpty {
                        try await writer.write(ByteBuffer(bytes: piece))
                    }
                    try await writer.finish(nil)
                })
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }
}
