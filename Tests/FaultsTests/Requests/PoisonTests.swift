import Server
import TestBackends
import Testing
import Vocabulary

@testable import plimsoll

@Suite struct `Recommendations that nothing can be done with` {
    private static let poison: [(field: String, value: String)] = [
        ("quantity", "1e308"), ("quantity", "NaN"), ("quantity", "9223372036855"), ("quantity", "-5"), ("unit", "QQ"),
        ("unit", ""),
        ("quantity", "0.0000001"),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: FaultRun.backends)
    func `Row 30: stop alone, and their neighbours of the same batch are carried out`(backend: Backend) async throws {
        try await FaultWorld.during(backend) { world in
            try await world.serving { _, client in
                let suggestions = Suggestions(world, on: .system)
                let good = (0..<20).map(suggestions.body)
                var batch = good
                for (index, poison) in Self.poison.enumerated() {
                    var fields = suggestions.body(21 + index).fields
                    var wish = ["quantity": "5", "unit": "C62", "neededBy": suggestions.needed.description]
                    wish[poison.field] = poison.value
                    fields["proposal"] = .object(["replenishment": .object(wish.mapValues { .string($0) })])
                    batch.insert(.object(fields), at: index * 3)
                }
                let answer = try await client.post("/process/v1/recommendations", .list(batch))
                let reckoning = try await Reckoning.take(world, from: client)
                let exceptions = try await client.get("/consumption/v1/exceptions?limit=500")["exceptions"].list.count
                FaultRun.note(
                    row: 30,
                    "\(backend): \(Self.poison.count) bad ones among 20: \(answer["refused"].shown) refused at the door, "
                        + "\(exceptions) before people; \(reckoning)")
                for number in 0..<20 { #expect(reckoning.states[suggestions.id(number)] == "done") }
                #expect(reckoning.effects.count == 20 && reckoning.duplicates.isEmpty)
                let refused = try #require(answer["refused"].int)
                // Each of the bad ones is refused with a reason, or waits for a person with an exception.
                #expect(reckoning.states.count == batch.count - refused)
                #expect(reckoning.states.values.count { $0 != "done" } == exceptions)
            }
            #expect(try await world.auditVerifies())
        }
    }
}
