import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `Requests that come twice, at once or out of order` {
    @Test(.timeLimit(.minutes(5)), arguments: Backend.available)
    func `Row 22: a repetition is told the same, another content is refused, and older news changes nothing`(
        backend: Backend
    ) async throws {
        try await FaultWorld.during(backend) { world in
            try await world.serving { _, client in
                let suggestions = Suggestions(world, on: .system)
                let first = try await client.post("/process/v1/recommendations", suggestions.body(30))
                let again = try await client.post("/process/v1/recommendations", suggestions.body(30))
                #expect(first["receipts.0.status"].string == "accepted" && again["receipts.0.status"].string == "duplicate")
                #expect(first["receipts.0.digest"] == again["receipts.0.digest"])
                #expect(first["receipts.0.acceptedAt"] == again["receipts.0.acceptedAt"])

                var other = suggestions.body(30).fields
                other["madeAt"] = suggestions.body(31).fields["madeAt"]
                let refusal = await #expect(throws: CommandFailure.self) {
                    try await client.post("/process/v1/recommendations", .object(other))
                }
                #expect(refusal?.message.contains("(422)") == true)

                // Number 0 is for the same shelf as number 30, and was made before it.
                _ = try await client.post("/process/v1/recommendations", suggestions.body(0))
                let reckoning = try await Reckoning.take(world, from: client)
                FaultRun.note(row: 22, "\(backend): \(reckoning)")
                #expect(reckoning.states == [suggestions.id(30): "done", suggestions.id(0): "superseded"])
                #expect(reckoning.arrivals == 1)
                #expect(try await auditEntries(of: "recommendation.superseded", at: client) == 1)
            }
            #expect(try await world.auditVerifies())
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: FaultRun.backends)
    func `Row 23: of a hundred identical requests at once one is taken, and all are told the same`(backend: Backend) async throws
    {
        try await FaultWorld.during(backend) { world in
            try await world.serving { _, client in
                let body = Suggestions(world, on: .system).body(0)
                let answers = try await withThrowingTaskGroup(of: JSONValue.self) { group in
                    for _ in 0..<100 { group.addTask { try await client.post("/process/v1/recommendations", body) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let kinds = answers.map { $0["receipts.0.status"].shown }
                #expect(kinds.count { $0 == "accepted" } == 1 && kinds.count { $0 == "duplicate" } == 99)
                #expect(Set(answers.map { $0["receipts.0.digest"] }).count == 1)
                #expect(Set(answers.map { $0["receipts.0.acceptedAt"] }).count == 1)
                let reckoning = try await Reckoning.take(world, from: client)
                FaultRun.note(row: 23, "\(backend): 100 at once, \(reckoning)")
                #expect(reckoning.states.count == 1 && reckoning.arrivals == 1)
            }
        }
    }
}

extension JSONValue {
    var fields: [String: JSONValue] {
        if case .object(let fields) = self { fields } else { [:] }
    }
}
