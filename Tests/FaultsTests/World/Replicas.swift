import Foundation
import Vocabulary

@testable import plimsoll

extension FaultWorld {
    /// One server among several on the same database.
    struct Replica {
        let process: PlimsollProcess
        let client: APIClient

        /// Whether a load balancer would send requests to it.
        func isReady() async -> Bool { (try? await client.get("/readyz")) != nil }

        /// Tells it to stop, and waits until it has.
        func stop() async throws {
            try await process.stop()
            await client.close()
        }
    }

    /// Starts one more server, and waits until it is ready.
    func replica(_ environment: [String: String] = [:]) async throws -> Replica {
        try await ready(try start(dyingAt: nil, environment))
    }

    /// The same with so many files and sockets, and no more, that it may have open.
    func replica(descriptors: Int) async throws -> Replica {
        let process = try PlimsollProcess(
            ["serve", "--config", configuration], descriptors: descriptors, output: folder.appending(path: "narrow.txt"))
        return try await ready(process)
    }

    private func ready(_ process: PlimsollProcess) async throws -> Replica {
        do {
            let address = try await process.line(beginning: "Plimsoll is ready at")
            return Replica(process: process, client: APIClient(server: address, key: key))
        } catch {
            process.endAtOnce()
            throw error
        }
    }

    /// One of the ERP's own counts.
    func total(_ name: String) async throws -> Int { try await erp.get("/ledger")["totals.\(name)"].int ?? 0 }
}
