import Foundation
import Gateway
import Testing
import Vocabulary

/// What is beyond what a process can hold is turned away before it takes up memory.
@Suite struct `A server with more to do than it can hold` {
    @Test func `Row 29: it turns requests away while too many are being answered, and answers the probes all the same`()
        async throws
    {
        try await RunningServer.during(limits: { $0.requestsInFlight = 2 }) { server in
            let slow = [try SlowSender(to: server, length: 100), try SlowSender(to: server, length: 100)]
            defer { for sender in slow { sender.close() } }
            try await until { server.gateway.admission.load(.requests) == 2 }
            let answer = try await server.get("/system/v1/systems")
            #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
            #expect(answer.problem?.code == "gateway.overloaded")
            #expect(answer.problem?.detail.contains("2 of 2 requests") == true)
            for probe in ["/livez", "/readyz"] { #expect(try await server.send("GET", probe, key: nil).status == 200) }
            let page = try await server.send("GET", "/metrics", key: nil).text
            #expect(page.contains("plimsoll_queue_waiting{queue=\"requests\"} 2\n"))
            #expect(page.contains("plimsoll_queue_bound{queue=\"requests\"} 2\n"))
            #expect(page.contains("plimsoll_requests_shed_total{queue=\"requests\"} 1\n"))

            for sender in slow { sender.close() }
            try await until { server.gateway.admission.load(.requests) == 0 }
            #expect(try await server.get("/system/v1/systems").status == 200)
        }
    }

    @Test func `Row 29: it turns bodies away that would not fit beside those that are being read`() async throws {
        try await RunningServer.during(limits: { $0.bodiesInFlight = 1000 }) { server in
            let slow = try SlowSender(to: server, length: 900)
            defer { slow.close() }
            try await until { server.gateway.admission.load(.bodies) == 900 }
            let row = Network.recommendation("r1", at: "north")
            let answer = try await server.post("/process/v1/recommendations", row)
            #expect(answer.status == 503 && answer.problem?.code == "gateway.overloaded")
            // What has no body needs no room.
            #expect(try await server.get("/system/v1/systems").status == 200)
            slow.close()
            try await until { server.gateway.admission.load(.bodies) == 0 }
            let again = try await server.post("/process/v1/recommendations", row)
            #expect(again.status != 503, "\(again.text)")
            #expect(server.gateway.admission.load(.bodies) == 0)
        }
    }

    @Test func `Row 29: it takes a body that is larger than the bound when it is alone`() async throws {
        try await RunningServer.during(limits: { $0.bodiesInFlight = 10 }) { server in
            let answer = try await server.post("/process/v1/recommendations", Network.recommendation("r1", at: "north"))
            #expect(answer.status != 503, "\(answer.text)")
        }
    }

    private func until(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<1000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("It did not come to pass in five seconds.")
    }
}

/// A sender that says how much it will send, sends the beginning, and falls silent.
private final class SlowSender {
    private var descriptor: CInt

    init(to server: RunningServer, length: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(server.port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let head = """
            POST /process/v1/recommendations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.administrator)\r
            Content-Type: application/json\r\nContent-Length: \(length)\r\n\r\n[
            """
        guard isConnected, Foundation.send(descriptor, head, head.utf8.count, 0) == head.utf8.count else {
            throw Fault.defect("The server could not be reached.")
        }
    }

    func close() {
        guard descriptor >= 0 else { return }
        Foundation.close(descriptor)
        descriptor = -1
    }
}
