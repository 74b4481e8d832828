import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `A server that dies at the worst moment` {
    /// Each with how often it is passed before the end. An action can be on its way before the sender has its acknowledgement, so
    /// none ends at the first time.
    static let failpoints = [
        "afterAccept:3", "beforeAttempt:2", "beforeAttempt:3", "afterAttempt:2", "afterReply:2", "beforeCompletion:2",
        "afterCompletion:2",
    ]

    @Test(.timeLimit(.minutes(3)), arguments: Backend.available, failpoints)
    func `Row 1: loses nothing that was acknowledged and does nothing twice`(backend: Backend, failpoint: String) async throws {
        try await FaultWorld.during(backend) { world in
            let suggestions = Suggestions(world, on: .system)
            let doomed = try world.start(dyingAt: failpoint)
            defer { doomed.endAtOnce() }
            let first = APIClient(server: try await doomed.line(beginning: "Plimsoll is ready at"), key: world.key)
            var acknowledged: [String] = []
            for number in 0..<world.shelves.count where doomed.isRunning {
                let receipt = try? await first.post("/process/v1/recommendations", suggestions.body(number))
                if receipt != nil { acknowledged.append(suggestions.id(number)) }
                try await Task.sleep(for: .milliseconds(20))
            }
            let wasKilled = try await doomed.wasKilled()
            await first.close()
            #expect(wasKilled)

            let heir = try world.start()
            defer { heir.endAtOnce() }
            let second = APIClient(server: try await heir.line(beginning: "Plimsoll is ready at"), key: world.key)
            let reckoning = try await Reckoning.take(world, from: second)
            await second.close()
            try await heir.stop()

            #expect(!acknowledged.isEmpty)
            #expect(acknowledged.allSatisfy { reckoning.states[$0] == "done" }, "\(reckoning.states)")
            #expect(reckoning.duplicates.isEmpty)
            #expect(reckoning.effects == Dictionary(uniqueKeysWithValues: reckoning.done.map { ($0, 1) }))
            #expect(try await world.auditVerifies())
        }
    }
}
