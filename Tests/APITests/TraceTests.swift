import CanonicalModel
import EventLog
import Replenishment
import Storage
import TestBackends
import Testing
import Vocabulary

@Suite struct `A caller's trace` {
    private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(arguments: Backend.available)
    func `is on the events and audit entries of the request, and of what is done about it later`(backend: Backend) async throws {
        try await RunningServer.during(on: backend) { server in
            try await Network.stock(server)
            let body = Network.recommendation("r1", at: "north")
            let accepted = try await server.post("/process/v1/recommendations", body, headers: ["traceparent": Self.trace])
            #expect(accepted.status == 202, "\(accepted.text)")
            // Decided by a loop that knows nothing of the request.
            _ = try await DecisionStage(server.flow).run()
            let (events, audit) = try await server.database.read { connection in
                (
                    try server.flow.events.events(after: 0, limit: 100, on: connection).filter { $0.subject == "r1" },
                    try server.flow.audit.records(about: "r1", on: connection)
                )
            }
            #expect(events.count >= 2 && events.allSatisfy { $0.trace == Self.trace }, "\(events.map { ($0.type, $0.trace) })")
            #expect(audit.count >= 2 && audit.allSatisfy { $0.body.contains(Self.trace) }, "\(audit.map { ($0.kind, $0.body) })")
        }
    }
}
