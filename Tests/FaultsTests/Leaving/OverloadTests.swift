import Foundation
import Server
import Testing
import TestBackends
import Vocabulary

@testable import plimsoll

@Suite struct `A server with too many callers` {
    @Test(.timeLimit(.minutes(2)))
    func `Row 29: it turns connections away before it runs out of file descriptors, and goes on working`() async throws {
        try await FaultWorld.during(
            Backend.available.last ?? .sqlite, FaultWorld.Wish(more: "http: {idleSeconds: 3}")
        ) { world in
            let server = try await world.replica(descriptors: 160)
            defer { server.process.endAtOnce() }
            let address = try #require(URL(string: server.client.server))
            let suggestions = Suggestions(world, on: .system)
            _ = try await server.client.post("/process/v1/recommendations", suggestions.body(0))
            let sockets = IdleSockets(port: UInt16(address.port ?? 0), count: 400)
            defer { sockets.close() }
            #expect(sockets.opened > 200)
            // Who is connected already is served, and the ERP is reached, while strangers are turned away.
            try await eventually("the first action is done") {
                let page = try? await server.client.get("/process/v1/recommendations?state=done&limit=10")
                return page?["recommendations"].list.count == 1
            }
            // Those that say nothing are closed after a while, and there is room again.
            try await eventually("there is room for new callers") {
                let stranger = APIClient(server: server.client.server, key: world.key)
                let answer = try? await stranger.post("/process/v1/recommendations", suggestions.body(1))
                await stranger.close()
                return answer != nil
            }
            let page = String(decoding: try await server.client.send("GET", "/metrics", contentType: nil, []), as: UTF8.self)
            let shed = page.split(separator: "\n").first { $0.hasPrefix("plimsoll_requests_shed_total{queue=\"connections\"}") }
            #expect(shed.flatMap { Double($0.split(separator: " ").last ?? "") } ?? 0 > 100, "\(shed ?? "none")")
            let reckoning = try await Reckoning.take(world, from: server.client)
            #expect(reckoning.count("done") == 2)
            #expect(server.process.isRunning)
            try await server.stop()
        }
    }
}

/// Connections on which nothing is ever said.
private final class IdleSockets {
    private var descriptors: [CInt] = []

    var opened: Int { descriptors.count }

    init(port: UInt16, count: Int) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        for _ in 0..<count {
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { return }
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else {
                Foundation.close(descriptor)
                return
            }
            descriptors.append(descriptor)
        }
    }

    func close() {
        for descriptor in descriptors { Foundation.close(descriptor) }
        descriptors = []
    }
}
